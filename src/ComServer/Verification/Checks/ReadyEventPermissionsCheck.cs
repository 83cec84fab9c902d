using VpcComApi.Platform.Windows;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether unauthorized callers are kept from the ready event.</summary>
internal sealed class ReadyEventPermissionsCheck : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "ready-event-permissions";

    /// <inheritdoc/>
    public string Claim => "Other users, sandboxed programs and anonymous callers cannot open a machine's ready event.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine has neither anonymous tokens nor integrity levels.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        string name = ReadyEvent.NameOf($"verify-{Guid.NewGuid():N}");
        using NamedReadyEvent server = new(name);
        return UnauthorizedAttempts.Run(
            () => VerificationNative.TryOpenEvent(name),
            OtherCaller.Unauthorized,
            error => error == WindowsError.ERROR_ACCESS_DENIED,
            "Please send this report: others could set or hold back the ready event of your machines.");
    }
}
