using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines;

/// <summary>A guest without logon sessions in the contract's sense, which are seamless applications and remote desktops.</summary>
internal sealed class NoLogonSessions : ILogonSessions
{
    /// <inheritdoc/>
    public bool IsUserLoggedOn(LogonSessionKind kind) => false;

    /// <inheritdoc/>
    public void CheckLogoff() => throw new RequestRefusedException(IntegrationErrors.NoLogonSession, "Nobody is logged on to the guest.");

    /// <inheritdoc/>
    public void LogoffAll()
    {
        // Nobody is logged on.
    }
}
