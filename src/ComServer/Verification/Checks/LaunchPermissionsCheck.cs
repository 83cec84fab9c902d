using System.Runtime.InteropServices;
using VpcComApi.ComServer.Automation;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether those who must not start a server can.</summary>
/// <param name="session">The run.</param>
internal sealed class LaunchPermissionsCheck(VerificationSession session) : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "launch-permissions";

    /// <inheritdoc/>
    public string Claim => "Sandboxed programs and anonymous callers cannot make COM start a server.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine's COM checks no permissions.";

    /// <inheritdoc/>
    public CheckResult Run() => UnauthorizedAttempts.Run(
        Activate,
        [OtherCaller.Sandboxed, OtherCaller.Anonymous],
        result => result < 0 && !DispatchCall.IsGone(result),
        "Please send this report: programs without rights could start servers.");

    private int Activate()
    {
        int result = VerificationServers.Activate(session.ServedClass, out nint instance);
        if (instance != 0)
        {
            Marshal.Release(instance);
        }

        return result;
    }
}
