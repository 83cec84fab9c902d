using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Verification;

/// <summary>
/// A client in a process of its own: it asks COM for an object, says what COM answered, and holds the object until its input ends.
/// </summary>
internal sealed class VerificationClient : IDisposable
{
    private readonly Process process;

    private VerificationClient(Process process, int result)
    {
        this.process = process;
        Result = result;
    }

    /// <summary>What COM answered.</summary>
    public int Result { get; }

    /// <summary>Starts a client and waits for COM's answer to it.</summary>
    /// <param name="classId">The class it asks for.</param>
    public static VerificationClient Start(Guid classId)
    {
        Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["/VerificationClient", classId.ToString("B")])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string? answer = process.StandardOutput.ReadLine();
        return answer is not null && int.TryParse(answer, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int result)
            ? new VerificationClient(process, result)
            : throw new InvalidOperationException($"The client process ended without an answer: {answer}");
    }

    /// <summary>What the client does.</summary>
    /// <param name="classId">The class it asks for.</param>
    /// <param name="input">Its end is the client's.</param>
    /// <param name="output">Where the answer goes.</param>
    public static void Run(Guid classId, TextReader input, TextWriter output)
    {
        using ComApartment apartment = new();
        int result = VerificationServers.Activate(classId, out nint instance);
        output.WriteLine(result.ToString("X8", CultureInfo.InvariantCulture));
        output.Flush();
        while (input.ReadLine() is not null)
        {
        }

        if (instance != 0)
        {
            Marshal.Release(instance);
        }
    }

    /// <summary>Ends the client as a crash would: it releases nothing.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Lets the client release what it holds and end.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(TimeSpan.FromSeconds(10));
        process.Dispose();
    }
}
