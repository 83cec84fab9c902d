namespace VpcComApi.GuestServices.Machines;

/// <summary>
/// The machine in which the guest service runs. The members differ between an emulated machine and one with an operating system.
/// </summary>
internal interface IGuestMachine
{
    /// <summary>The operations that it supports, as <see cref="VpcBus.Integration.IntegrationCapabilities"/>.</summary>
    IReadOnlyList<string> Capabilities { get; }

    /// <summary>The parameters that the guest keeps.</summary>
    IParameterStore Parameters { get; }

    /// <summary>The users that are logged on.</summary>
    ILogonSessions Sessions { get; }

    /// <summary>The clock, or null when the host cannot set it.</summary>
    IGuestClock? Clock => null;

    /// <summary>The display, or null when the host cannot change its size.</summary>
    IGuestDisplay? Display => null;

    /// <summary>Sets the connection to the host, while there is one. A machine without events of its own need not implement it.</summary>
    /// <param name="host">The connection to the host, or null when it has ended.</param>
    void UseHost(IHostNotifier? host)
    {
    }

    /// <summary>Throws if a shutdown cannot begin now.</summary>
    /// <exception cref="RequestRefusedException">The reason.</exception>
    void CheckShutdown(bool forced);

    /// <summary>Shuts the guest down. Called once, after the host was informed.</summary>
    /// <param name="forced">Whether programs may be ended without being asked.</param>
    /// <param name="restart">Whether the guest is to restart.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ShutdownAsync(bool forced, bool restart, CancellationToken cancellationToken);
}
