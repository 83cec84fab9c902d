using System.Runtime.Versioning;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// Where Linux presents what a machine in QEMU shares with its host: the memory of a PCI device, and a virtio-serial port as doorbell. Both
/// are looked for in /sys, so no driver and no name in /dev is needed.
/// </summary>
internal static class MachineRings
{
    /// <summary>The name of the bus's port in such a machine.</summary>
    public const string BusPort = "org.vpccomapi.bus";

    private const string DoorbellPort = "org.vpccomapi.doorbell";
    private const string DeviceFolder = "/sys/bus/pci/devices";
    private const string PortFolder = "/sys/class/virtio-ports";

    /// <summary>The device of shared memory, as QEMU's specification of it numbers it.</summary>
    private const string Vendor = "0x1af4";

    private const string Product = "0x1110";

    /// <summary>
    /// Where the device's memory is: its third resource. The file that is mapped without write-combining, which keeps the order of writes
    /// on every processor.
    /// </summary>
    private const string Memory = "resource2";

    /// <summary>The most such devices that are looked at.</summary>
    private const int MaxDevices = 8;

    /// <summary>The device, which is looked for when a bus begins.</summary>
    [SupportedOSPlatform("linux")]
    public static RingDevice Open() => new GuestRingDevice(FindMemory, FindDoorbell);

    private static IReadOnlyList<string> FindMemory() =>
    [
        .. Folders(DeviceFolder)
            .Where(folder => Read(folder, "vendor") == Vendor && Read(folder, "device") == Product)
            .Order(StringComparer.Ordinal)
            .Take(MaxDevices)
            .Select(folder => Path.Combine(folder, Memory)),
    ];

    private static string? FindDoorbell() =>
        Folders(PortFolder).Where(folder => Read(folder, "name") == DoorbellPort).Select(
            folder => Path.Combine("/dev", Path.GetFileName(folder))).FirstOrDefault();

    private static string[] Folders(string path)
    {
        try
        {
            return Directory.GetFileSystemEntries(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No such bus in this machine.
            return [];
        }
    }

    private static string Read(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
