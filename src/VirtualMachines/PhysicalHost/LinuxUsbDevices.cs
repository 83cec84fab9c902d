using System.Globalization;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>
/// Reads USB devices from sysfs. A device's folder is called like its place: <c>1-4.2</c> is port 2 of the hub <c>1-4</c> on bus 1;
/// <c>usb1</c> is the root hub; names with a colon are interfaces (https://docs.kernel.org/driver-api/usb/usb.html).
/// </summary>
/// <param name="folder"><c>/sys/bus/usb/devices</c>.</param>
internal sealed class LinuxUsbDevices(string folder)
{
    private const int HubClass = 9;

    /// <summary>Reads what is plugged in. A host without USB has none.</summary>
    public IReadOnlyList<HostUsbDevice> Read()
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder)
                .Select(Path.GetFileName)
                .OfType<string>()
                .Where(name => name.Contains('-', StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(ReadDevice)
                .OfType<HostUsbDevice>()];
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw new VirtualMachineException(
                VirtualMachineError.UsbEnumerationFailed,
                $"The USB devices of this host could not be listed from {folder}: {e.Message}", e);
        }
    }

    /// <returns>Null for a hub, and for a device that was unplugged meanwhile.</returns>
    private HostUsbDevice? ReadDevice(string place)
    {
        int deviceClass = Hexadecimal(place, "bDeviceClass") ?? -1;
        if (deviceClass is < 0 or HubClass)
        {
            return null;
        }

        if (deviceClass == 0)
        {
            deviceClass = Hexadecimal($"{place}:1.0", "bInterfaceClass") ?? 0;
        }

        string vendor = Text(place, "idVendor");
        string product = Text(place, "idProduct");
        string name = Text(place, "product");
        int lastDot = place.LastIndexOf('.');
        string hub = lastDot >= 0 ? place[..lastDot] : "usb" + place[..place.IndexOf('-', StringComparison.Ordinal)];
        string port = place[(Math.Max(lastDot, place.IndexOf('-', StringComparison.Ordinal)) + 1)..];
        return new HostUsbDevice(
            $"{place} {vendor}:{product} {Number(place, "devnum")}",
            name.Length > 0 ? name : $"USB device {vendor}:{product}",
            Text(place, "manufacturer"),
            HubId: (Number(place, "busnum") << 8) | Number(hub, "devnum"),
            Port: int.TryParse(port, CultureInfo.InvariantCulture, out int number) ? number : 0,
            deviceClass);
    }

    private string Text(string place, string attribute) => LinuxHostSystem.ReadText(Path.Combine(folder, place, attribute)) ?? string.Empty;

    private int Number(string place, string attribute) =>
        int.TryParse(Text(place, attribute), CultureInfo.InvariantCulture, out int number) ? number : 0;

    private int? Hexadecimal(string place, string attribute) =>
        int.TryParse(Text(place, attribute), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int number) ? number : null;
}
