using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>
/// Reads the USB devices that are plugged in from the set-up API. The form of the location text and of the compatible ids is documented at
/// https://learn.microsoft.com/windows-hardware/drivers/install/standard-usb-identifiers.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsUsbDevices
{
    private const uint DeviceDescription = 0;
    private const uint CompatibleIds = 2;
    private const uint Service = 4;
    private const uint Manufacturer = 11;
    private const uint FriendlyName = 12;
    private const uint LocationInformation = 13;

    /// <summary>The most devices that are looked at: USB has 127 a bus.</summary>
    private const uint MaximumDevices = 4096;

    private const int MaximumTextBytes = 4096;
    private const int MaximumIdLength = 512;

    /// <summary>Lists them.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.UsbEnumerationFailed"/>.</exception>
    public static IReadOnlyList<HostUsbDevice> Read()
    {
        nint list = SetupApi.SetupDiGetClassDevs(0, "USB", 0, SetupApi.DIGCF_PRESENT | SetupApi.DIGCF_ALLCLASSES);
        if (list == Kernel32.INVALID_HANDLE_VALUE)
        {
            throw new VirtualMachineException(
                VirtualMachineError.UsbEnumerationFailed,
                $"The USB devices of this host could not be listed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }

        try
        {
            List<HostUsbDevice> devices = [];
            SetupApi.DeviceData data = new() { Size = (uint)sizeof(SetupApi.DeviceData) };
            for (uint index = 0; index < MaximumDevices && SetupApi.SetupDiEnumDeviceInfo(list, index, ref data); index++)
            {
                if (ReadDevice(list, ref data) is { } device)
                {
                    devices.Add(device);
                }
            }

            return devices;
        }
        finally
        {
            SetupApi.SetupDiDestroyDeviceInfoList(list);
        }
    }

    /// <returns>Null for a hub, and for a part of a device that has several.</returns>
    private static HostUsbDevice? ReadDevice(nint list, ref SetupApi.DeviceData data)
    {
        string id = ReadId(list, ref data);
        bool isHub = ReadText(list, ref data, Service).Contains("hub", StringComparison.OrdinalIgnoreCase)
            || id.Contains("ROOT_HUB", StringComparison.OrdinalIgnoreCase);
        if (isHub || id.Length == 0 || id.Contains("&MI_", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string name = ReadText(list, ref data, FriendlyName) is { Length: > 0 } friendly
            ? friendly
            : ReadText(list, ref data, DeviceDescription);
        Match place = Place().Match(ReadText(list, ref data, LocationInformation));
        Match deviceClass = ClassId().Match(ReadText(list, ref data, CompatibleIds));
        return new HostUsbDevice(
            id,
            name.Length > 0 ? name : id,
            ReadText(list, ref data, Manufacturer),
            HubId: place.Success ? int.Parse(place.Groups["hub"].ValueSpan, CultureInfo.InvariantCulture) : 0,
            Port: place.Success ? int.Parse(place.Groups["port"].ValueSpan, CultureInfo.InvariantCulture) : 0,
            DeviceClass: deviceClass.Success
                ? int.Parse(deviceClass.Groups["class"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                : 0);
    }

    private static string ReadId(nint list, ref SetupApi.DeviceData data)
    {
        char* text = stackalloc char[MaximumIdLength];
        return SetupApi.SetupDiGetDeviceInstanceId(list, ref data, text, MaximumIdLength, out _) ? new string(text) : string.Empty;
    }

    /// <summary>A text, or the first ones of a list of texts, separated by zeros.</summary>
    private static string ReadText(nint list, ref SetupApi.DeviceData data, uint property)
    {
        byte[] bytes = new byte[MaximumTextBytes];
        fixed (byte* first = bytes)
        {
            return SetupApi.SetupDiGetDeviceRegistryProperty(list, ref data, property, out _, first, MaximumTextBytes, out uint length)
                ? Encoding.Unicode.GetString(bytes, 0, (int)Math.Min(length, MaximumTextBytes)).TrimEnd('\0')
                : string.Empty;
        }
    }

    [GeneratedRegex(@"Port_#(?<port>\d{1,6})\.Hub_#(?<hub>\d{1,6})")]
    private static partial Regex Place();

    [GeneratedRegex(@"Class_(?<class>[0-9A-Fa-f]{2})")]
    private static partial Regex ClassId();
}
