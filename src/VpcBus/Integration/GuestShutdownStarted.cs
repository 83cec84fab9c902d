namespace VpcComApi.VpcBus.Integration;

/// <summary>Guest to host: the guest's system is about to shut down; the link will be lost.</summary>
/// <param name="Kind"><see cref="Shutdown"/> or <see cref="Restart"/>; another text means <see cref="Shutdown"/>.</param>
public sealed record GuestShutdownStarted(string Kind) : IntegrationMessage
{
    /// <summary>The system shuts down.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>The system restarts.</summary>
    public const string Restart = "restart";
}
