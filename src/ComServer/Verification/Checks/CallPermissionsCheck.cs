using VpcComApi.ComServer.Automation;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether unauthorized callers who have got hold of an object can call it.</summary>
/// <param name="session">The run.</param>
internal sealed class CallPermissionsCheck(VerificationSession session) : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "call-permissions";

    /// <inheritdoc/>
    public string Claim => "Other users, sandboxed programs and anonymous callers cannot call a running server.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine's COM checks no permissions.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        using HeldServer held = new(session.ServedClass);
        return UnauthorizedAttempts.Run(
            () => DispatchProbe.Call(held.Dispatch),
            OtherCaller.Unauthorized,
            result => result < 0 && !DispatchCall.IsGone(result),
            "Please send this report: others could control your machines.");
    }
}
