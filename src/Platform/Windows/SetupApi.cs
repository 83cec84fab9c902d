using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.Platform.Windows;

/// <summary>The calls of setupapi that list devices.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class SetupApi
{
    public const uint DIGCF_PRESENT = 0x2;
    public const uint DIGCF_ALLCLASSES = 0x4;

    [LibraryImport("setupapi", EntryPoint = "SetupDiGetClassDevsW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint SetupDiGetClassDevs(nint classId, string enumerator, nint window, uint flags);

    [LibraryImport("setupapi", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetupDiEnumDeviceInfo(nint list, uint index, ref DeviceData data);

    [LibraryImport("setupapi", EntryPoint = "SetupDiGetDeviceInstanceIdW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetupDiGetDeviceInstanceId(nint list, ref DeviceData data, char* text, int size, out int length);

    [LibraryImport("setupapi", EntryPoint = "SetupDiGetDeviceRegistryPropertyW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetupDiGetDeviceRegistryProperty(
        nint list, ref DeviceData data, uint property, out uint type, byte* buffer, uint size, out uint length);

    [LibraryImport("setupapi", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetupDiDestroyDeviceInfoList(nint list);

    /// <summary>SP_DEVINFO_DATA.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct DeviceData
    {
        public uint Size;
        public Guid ClassId;
        public uint Instance;
        public nint Reserved;
    }
}
