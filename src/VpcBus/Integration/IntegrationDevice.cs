namespace VpcComApi.VpcBus.Integration;

/// <summary>A bus channel as the guest lists it: each is a "Virtual PC Integration Device".</summary>
/// <param name="Id">The channel's number on the bus.</param>
/// <param name="Service">The service it was opened for.</param>
/// <param name="Direction"><c>sending</c> or <c>receiving</c>, as the guest sees it.</param>
/// <param name="Bytes">Bytes carried so far.</param>
public sealed record IntegrationDevice(int Id, string Service, string Direction, long Bytes)
{
    /// <summary>The name of every such device.</summary>
    public const string Name = "Virtual PC Integration Device";
}
