using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NUnit.Framework;

namespace VpcComApi.TestSupport;

/// <summary>
/// A pseudo-terminal: one of its sides represents a serial port of the host, and the test uses the other one. Not on Windows.
/// </summary>
public sealed partial class PseudoTerminal : IDisposable
{
    private const int HighestHostPort = 256;
    private const int LowestHostPort = 100;
    private const int ReadWriteWithoutControl = 0x102;

    private string? hostPort;

    /// <summary>Opens one.</summary>
    public PseudoTerminal()
    {
        int descriptor = OpenPseudoTerminal(ReadWriteWithoutControl);
        byte[] name = new byte[256];
        bool isOpen = descriptor >= 0 && Grant(descriptor) == 0 && Unlock(descriptor) == 0
            && GetName(descriptor, name, (nuint)name.Length) == 0;
        Assert.That(isOpen, Is.True, "a pseudo-terminal");
        Path = System.Text.Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        FarEnd = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>The device that represents the serial port.</summary>
    public string Path { get; }

    /// <summary>The other end of the cable.</summary>
    public Stream FarEnd { get; }

    /// <summary>
    /// Gives the device the name of a serial port of the host, until this object is disposed. A user who may not do that skips the running
    /// test out.
    /// </summary>
    /// <returns>The port's name, such as <c>COM256</c>.</returns>
    public string BecomeHostPort()
    {
        for (int number = HighestHostPort; hostPort is null && number >= LowestHostPort; number--)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"/dev/ttyS{number - 1}");
            try
            {
                File.CreateSymbolicLink(path, Path);
                hostPort = path;
                return string.Create(CultureInfo.InvariantCulture, $"COM{number}");
            }
            catch (IOException)
            {
                // There is such a port.
            }
            catch (UnauthorizedAccessException e)
            {
                Assert.Ignore($"No name can be made for a pseudo-terminal here: {e.Message}");
            }
        }

        throw new InvalidOperationException("No number of a serial port is free.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (hostPort is not null)
        {
            File.Delete(hostPort);
        }

        FarEnd.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenPseudoTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int GetName(int master, [In, Out] byte[] name, nuint length);
}
