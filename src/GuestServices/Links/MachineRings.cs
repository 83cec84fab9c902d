using System.Runtime.Versioning;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// Finds what a machine in QEMU shares with its host under Linux: the memory of a PCI device, and a virtio-serial port as doorbell. Both
/// are searched in /sys, so no driver and no name in /dev is needed.
/// </summary>
internal static class MachineRings
{
    /// <summary>The name of the bus's port in such a machine.</summary>
    public const string BusPort = "org.vpccomapi.bus";

    private const string DoorbellPort = "org.vpccomapi.doorbell";
    private const string DeviceFolder = "/sys/bus/pci/devices";
    private const string PortFolder = "/sys/class/virtio-ports";

    /// <summary>The vendor and device numbers of QEMU's device for shared memory.</summary>
    private const string Vendor = "0x1af4";

    private const string Product = "0x1110";

    /// <summary>
    /// The file of the device's memory, its third resource. Mapped without write-combining, so that the order of writes is kept on every
    /// processor.
    /// </summary>
    private const string Memory = "resource2";

    /// <summary>The most such devices that are checked.</summary>
    private const int MaxDevices = 8;

    /// <summary>The device, which is searched when a bus begins.</summary>
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
            // This machine has no PCI bus.
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
