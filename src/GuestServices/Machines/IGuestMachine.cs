namespace VpcComApi.GuestServices.Machines;

/// <summary>
/// The machine that the guest service runs in, as far as it is not the same everywhere: an emulated one, or one with an operating system.
/// </summary>
internal interface IGuestMachine
{
    /// <summary>What it can be asked for, as <see cref="VpcBus.Integration.IntegrationCapabilities"/>.</summary>
    IReadOnlyList<string> Capabilities { get; }

    /// <summary>The parameters that the guest keeps.</summary>
    IParameterStore Parameters { get; }

    /// <summary>Who is logged on.</summary>
    ILogonSessions Sessions { get; }

    /// <summary>The clock, or null when the host cannot set it.</summary>
    IGuestClock? Clock => null;

    /// <summary>The display, or null when the host cannot change its size.</summary>
    IGuestDisplay? Display => null;

    /// <summary>Takes the way to the host, while there is one. A machine in which nothing happens by itself need not.</summary>
    /// <param name="host">The way to the host, or null when it has gone.</param>
    void UseHost(IHostNotifier? host)
    {
    }

    /// <summary>Refuses a shutdown that cannot begin now.</summary>
    /// <exception cref="RequestRefusedException">Why.</exception>
    void CheckShutdown(bool forced);

    /// <summary>Ends the guest. Called once, after the host has been told.</summary>
    /// <param name="forced">Whether programs may be ended without being asked.</param>
    /// <param name="restart">Whether the guest is to start again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ShutdownAsync(bool forced, bool restart, CancellationToken cancellationToken);
}
