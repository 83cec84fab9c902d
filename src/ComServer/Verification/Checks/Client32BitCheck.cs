using System.Diagnostics;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether 32-bit programs reach the 64-bit server, by the system's own 32-bit script host.</summary>
/// <param name="session">The run.</param>
internal sealed class Client32BitCheck(VerificationSession session) : IVerificationCheck
{
    private const string Expected = "Windows Virtual PC";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public string Name => "client-32-bit";

    /// <inheritdoc/>
    public string Claim => "A 32-bit script reaches the server.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string host = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.SystemX86), "cscript.exe");
        if (!File.Exists(host) || Environment.GetFolderPath(Environment.SpecialFolder.SystemX86) == Environment.SystemDirectory)
        {
            return CheckResult.NotApplicable("There is no 32-bit script host here.");
        }

        // The server holds the client's output open under Wine, so the answer goes to a file.
        string script = Path.Combine(session.Folder, "client.vbs");
        string answer = Path.Combine(session.Folder, "client.txt");
        File.WriteAllText(script, $"""
            Set application = CreateObject("{session.ProgId}")
            CreateObject("Scripting.FileSystemObject").CreateTextFile("{answer}", True).WriteLine application.Name
            """);
        using Process client = Process.Start(new ProcessStartInfo(host, ["//nologo", script]) { UseShellExecute = false })!;
        if (!client.WaitForExit(Limit))
        {
            client.Kill();
        }

        string said = File.Exists(answer) ? File.ReadAllText(answer).Trim() : "nothing";
        return said == Expected
            ? CheckResult.Pass(said)
            : CheckResult.Fail(
                $"the script host ended with {client.ExitCode} and wrote {said}",
                "See whether VBScript is installed (Optional features), and send this report.");
    }
}
