using System.Runtime.Versioning;
using System.Security;
using Microsoft.Win32;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>Reads the computer from the Windows API and the registry. Under Wine it shows what Wine reports of the host.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsHostSystem : IHostSystem
{
    private const long BytesInMegabyte = 1024 * 1024;
    private const string ProcessorKey = @"HARDWARE\DESCRIPTION\System\CentralProcessor\0";
    private const string SystemKey = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion";
    private const string SerialKey = @"HARDWARE\DEVICEMAP\SERIALCOMM";
    private const string ParallelKey = @"HARDWARE\DEVICEMAP\PARALLEL PORTS";
    private const string DeviceNamePrefix = @"\DosDevices\";
    private static readonly string[] FloppyLetters = ["A:", "B:"];

    /// <inheritdoc/>
    public ProcessorFacts ReadProcessor() => ProcessorIdentification.Describe(
        Environment.ProcessorCount,
        WindowsHostNative.CountProcessorPackages(),
        Read(ProcessorKey, "~MHz") is int megahertz ? megahertz : 0,
        WindowsHostNative.IsVirtualizationEnabled);

    /// <inheritdoc/>
    public HostOperatingSystem ReadOperatingSystem() => new(
        Read(SystemKey, "ProductName") as string ?? "Windows", Environment.OSVersion.Version, Environment.OSVersion.ServicePack);

    /// <inheritdoc/>
    public HostMemory ReadMemory()
    {
        (ulong total, ulong available) = WindowsHostNative.ReadMemory();
        return new HostMemory((long)total / BytesInMegabyte, (long)available / BytesInMegabyte);
    }

    /// <inheritdoc/>
    public IReadOnlyList<HostNetworkAdapter> ReadNetworkAdapters() => NetworkAdapterReader.ReadAdapters(_ => false);

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadNetworkAddresses() => NetworkAdapterReader.ReadAddresses();

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadDvdDrives() => ReadDrives(DriveType.CDRom);

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadFloppyDrives() => [.. ReadDrives(DriveType.Removable).Intersect(FloppyLetters)];

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadSerialPorts() => ReadPorts(SerialKey);

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadParallelPorts() => ReadPorts(ParallelKey);

    /// <inheritdoc/>
    public IReadOnlyList<HostUsbDevice> ReadUsbDevices() => WindowsUsbDevices.Read();

    /// <inheritdoc/>
    public long? ReadFreeBytes(string folder) => WindowsHostNative.ReadFreeBytes(folder);

    private static List<string> ReadDrives(DriveType type) =>
        [.. DriveInfo.GetDrives().Where(drive => drive.DriveType == type).Select(drive => drive.Name.TrimEnd('\\').ToUpperInvariant())];

    private static List<string> ReadPorts(string keyName)
    {
        try
        {
            using RegistryKey? key = Registry.LocalMachine.OpenSubKey(keyName);
            return key is null
                ? []
                : [.. key.GetValueNames()
                    .Select(name => key.GetValue(name) as string)
                    .OfType<string>()
                    .Select(port => port.StartsWith(
                        DeviceNamePrefix, StringComparison.OrdinalIgnoreCase) ? port[DeviceNamePrefix.Length..] : port)
                    .Order(StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception e) when (IsRegistryError(e))
        {
            return [];
        }
    }

    private static object? Read(string keyName, string valueName)
    {
        try
        {
            using RegistryKey? key = Registry.LocalMachine.OpenSubKey(keyName);
            return key?.GetValue(valueName);
        }
        catch (Exception e) when (IsRegistryError(e))
        {
            return null;
        }
    }

    private static bool IsRegistryError(Exception e) => e is IOException or SecurityException or UnauthorizedAccessException;
}
