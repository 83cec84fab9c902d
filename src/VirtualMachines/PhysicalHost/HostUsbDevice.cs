namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>One USB device that is plugged into the host. Hubs are not among them.</summary>
/// <param name="Id">How the operating system identifies it, for as long as it is plugged in.</param>
/// <param name="Name">Its name; never empty.</param>
/// <param name="Manufacturer">Who made it; empty when it does not say.</param>
/// <param name="HubId">The number of the hub it is plugged into.</param>
/// <param name="Port">The number of the hub's port.</param>
/// <param name="DeviceClass">The USB class of the device, or of its first interface when the device leaves it to them.</param>
public sealed record HostUsbDevice(string Id, string Name, string Manufacturer, int HubId, int Port, int DeviceClass);
