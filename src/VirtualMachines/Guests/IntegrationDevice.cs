namespace VpcComApi.VirtualMachines.Guests;

/// <summary>One device that the guest sees of the bus.</summary>
/// <param name="Name">"Virtual PC Integration Device".</param>
/// <param name="ChannelId">The bus channel behind it.</param>
/// <param name="Service">What the channel serves, such as <c>tcp:6174</c>.</param>
/// <param name="Direction">"host to guest" or "guest to host".</param>
public sealed record IntegrationDevice(string Name, int ChannelId, string Service, string Direction);
