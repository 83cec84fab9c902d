using Microsoft.Win32;
using VpcComApi.EventLogging;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether entries in the Windows event log will be shown as they were written.</summary>
internal sealed class EventSourceCheck : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "event-source";

    /// <inheritdoc/>
    public string Claim =>
        $"The source \"{WindowsEventSource.Name}\" of the Windows event log is registered, and the file with its messages exists.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        if (!WindowsEventSource.IsRegistered)
        {
            return CheckResult.NotApplicable(
                "The source is not registered; events are in the log files alone.",
                "Run vpc /RegServer as an administrator to have them in the Windows event log too.");
        }

        using RegistryKey key = Registry.LocalMachine.OpenSubKey(WindowsEventSource.SourceKey)!;
        string file = key.GetValue("EventMessageFile") as string ?? string.Empty;
        return File.Exists(file)
            ? CheckResult.Pass(file)
            : CheckResult.Fail(
                $"the message file \"{file}\" does not exist", "Run vpc /RegServer again as an administrator, from the folder of vpc.exe.");
    }
}
