using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Devices;

/// <summary>An integration device as <c>vmsrvc devices</c> lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Channel">The bus channel's number.</param>
/// <param name="Service">What the channel serves, such as <c>tcp:6174</c>.</param>
/// <param name="Direction"><c>sending</c> or <c>receiving</c>, as the guest sees it.</param>
/// <param name="Bytes">Bytes transferred so far.</param>
/// <param name="ProcessId">The guest service that has it.</param>
internal sealed record ListedDevice(string Name, int Channel, string Service, string Direction, long Bytes, int ProcessId)
{
    /// <summary>Makes the entry of one of this process's devices.</summary>
    /// <param name="device">The device.</param>
    public static ListedDevice From(IntegrationDevice device) =>
        new(IntegrationDevice.Name, device.Id, device.Service, device.Direction, device.Bytes, Environment.ProcessId);
}
