namespace VpcComApi.VpcBus.Integration;

/// <summary>What a guest supports, as it reports in <see cref="GuestFacts.Capabilities"/>.</summary>
public static class IntegrationCapabilities
{
    /// <summary>It carries out <see cref="IntegrationOperations.Shutdown"/>.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>It carries out <see cref="IntegrationOperations.Logoff"/>.</summary>
    public const string Logoff = "logoff";

    /// <summary>
    /// It carries out <see cref="IntegrationOperations.GetParameter"/> and <see cref="IntegrationOperations.SetParameter"/>.
    /// </summary>
    public const string Parameters = "parameters";

    /// <summary>It carries out <see cref="IntegrationOperations.IsUserLoggedOn"/>.</summary>
    public const string Sessions = "sessions";

    /// <summary>It carries out <see cref="IntegrationOperations.ListDevices"/>.</summary>
    public const string Devices = "devices";

    /// <summary>It carries out <see cref="IntegrationOperations.SetDisplaySize"/>.</summary>
    public const string Display = "display";

    /// <summary>It carries out <see cref="IntegrationOperations.SynchronizeClock"/>.</summary>
    public const string Clock = "clock";
}
