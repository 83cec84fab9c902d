namespace VpcComApi.VpcBus.Integration;

/// <summary>
/// Guest to host: the guest service is being removed from the guest, and will not be started again. The link will be lost.
/// </summary>
public sealed record ComponentsRemoved : IntegrationMessage;
