namespace VpcComApi.VpcBus.Integration;

/// <summary>The names that host and guest share in the integration service: heartbeat, facts about the guest, requests to it.</summary>
public static class IntegrationProtocol
{
    /// <summary>The service that carries the integration messages. The guest offers it once its services are up; that is when the
    /// channel is ready.</summary>
    public const string ServiceName = "integration";

    /// <summary>UTF-8 bytes in one integration message.</summary>
    public const int MaxMessageLength = 64 * 1024;

    /// <summary>Characters in the name of a parameter: 1 to 255, none of them a backslash.</summary>
    public const int MaxParameterNameLength = 255;
}
