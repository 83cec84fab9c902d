using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.GuestServices.Firmware;

/// <summary>The firmware of this guest's machine.</summary>
internal static class MachineFirmware
{
    private const string LinuxTable = "/sys/firmware/dmi/tables/DMI";

    /// <summary>'RSMB', the provider of the raw SMBIOS table.</summary>
    private const uint RawSmbiosProvider = 0x52534D42;

    /// <summary>Reads its texts; empty ones if the platform does not allow it, for example because the process is not root.</summary>
    public static FirmwareTexts Read()
    {
        try
        {
            return SmbiosTable.Read(OperatingSystem.IsWindows() ? SmbiosTable.OfRawFirmwareTable(ReadWindowsTable())
                : OperatingSystem.IsLinux() && File.Exists(LinuxTable) ? File.ReadAllBytes(LinuxTable)
                : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FirmwareTexts("", []);
        }
    }

    [SupportedOSPlatform("windows")]
    private static byte[] ReadWindowsTable()
    {
        byte[] raw = new byte[SmbiosTable.MaxLength];
        uint length = Kernel32.GetSystemFirmwareTable(RawSmbiosProvider, 0, raw, (uint)raw.Length);
        return length <= raw.Length ? raw[..(int)length] : [];
    }
}
