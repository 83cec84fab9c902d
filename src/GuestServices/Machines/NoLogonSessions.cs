using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines;

/// <summary>A guest to which nobody logs on in the contract's sense: no seamless application and no remote desktop.</summary>
internal sealed class NoLogonSessions : ILogonSessions
{
    /// <inheritdoc/>
    public bool IsUserLoggedOn(LogonSessionKind kind) => false;

    /// <inheritdoc/>
    public void CheckLogoff() => throw new RequestRefusedException(IntegrationErrors.NoLogonSession, "Nobody is logged on to the guest.");

    /// <inheritdoc/>
    public void LogoffAll()
    {
        // Nobody is there.
    }
}
