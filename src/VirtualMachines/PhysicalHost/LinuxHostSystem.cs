using System.Globalization;
using System.Net.NetworkInformation;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>Reads the computer from <c>/proc</c> and <c>/sys</c>.</summary>
/// <param name="root">The root of both; another one in tests.</param>
internal sealed class LinuxHostSystem(string root = "/") : IHostSystem
{
    private const long KilobytesInMegabyte = 1024;

    /// <summary>What the kernel calls the driver of a serial port that is not there.</summary>
    private const string NoSerialChip = "0";

    /// <inheritdoc/>
    public ProcessorFacts ReadProcessor()
    {
        IReadOnlyList<(string Name, string Value)> lines = ReadPairs("proc/cpuinfo", ':');
        int sockets = lines.Where(line => line.Name == "physical id").Select(line => line.Value).Distinct().Count();
        string speed = lines.FirstOrDefault(line => line.Name == "cpu MHz").Value ?? string.Empty;
        return ProcessorIdentification.Describe(
            Environment.ProcessorCount,
            Math.Max(1, sockets),
            double.TryParse(speed, CultureInfo.InvariantCulture, out double megahertz) ? (int)Math.Round(megahertz) : 0,
            File.Exists(PathOf("dev/kvm")));
    }

    /// <inheritdoc/>
    public HostOperatingSystem ReadOperatingSystem()
    {
        string? name = ReadPairs("etc/os-release", '=').FirstOrDefault(line => line.Name == "PRETTY_NAME").Value;
        return new HostOperatingSystem(
            string.IsNullOrEmpty(name) ? "Linux" : name.Trim('"'), Environment.OSVersion.Version, ServicePack: string.Empty);
    }

    /// <inheritdoc/>
    public HostMemory ReadMemory()
    {
        IReadOnlyList<(string Name, string Value)> lines = ReadPairs("proc/meminfo", ':');
        return new HostMemory(Megabytes("MemTotal"), Megabytes("MemAvailable"));

        long Megabytes(string name) =>
            lines.FirstOrDefault(line => line.Name == name).Value?.Split(' ') is [string number, ..]
            && long.TryParse(number, CultureInfo.InvariantCulture, out long kilobytes)
                ? kilobytes / KilobytesInMegabyte
                : 0;
    }

    /// <inheritdoc/>
    public IReadOnlyList<HostNetworkAdapter> ReadNetworkAdapters() => NetworkAdapterReader.ReadAdapters(IsVirtual);

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadNetworkAddresses() => NetworkAdapterReader.ReadAddresses();

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadDvdDrives() => ReadDevices("sys/block", "sr*");

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadFloppyDrives() => ReadDevices("sys/block", "fd*");

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadSerialPorts() =>
    [
        // The kernel keeps places for more ports than there are chips.
        .. ReadDevices(
            "sys/class/tty", "ttyS*", folder => ReadText(Path.Combine(folder, "type")) is { Length: > 0 } type && type != NoSerialChip),
        .. ReadDevices("sys/class/tty", "ttyUSB*"),
        .. ReadDevices("sys/class/tty", "ttyACM*"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadParallelPorts() => ReadDevices("sys/class/ppdev", "parport*");

    /// <inheritdoc/>
    public IReadOnlyList<HostUsbDevice> ReadUsbDevices() => new LinuxUsbDevices(PathOf("sys/bus/usb/devices")).Read();

    /// <inheritdoc/>
    public long? ReadFreeBytes(string folder) => DiskSpace.Read(folder);

    /// <summary>Reads a small text file of the kernel.</summary>
    /// <param name="path">Its full path.</param>
    /// <returns>Its text without blanks around it, or null when it cannot be read.</returns>
    internal static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            return null;
        }
    }

    private bool IsVirtual(NetworkInterface adapter)
    {
        string folder = PathOf(Path.Combine("sys/class/net", adapter.Name));

        // A container's own end of a veth pair is its real adapter; the host's ends are ports of a bridge.
        return Directory.Exists(Path.Combine(folder, "bridge"))
            || Directory.Exists(Path.Combine(folder, "brport"))
            || File.Exists(Path.Combine(folder, "tun_flags"));
    }

    private List<string> ReadDevices(string folder, string pattern, Func<string, bool>? isThere = null)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(PathOf(folder), pattern)
                .Where(entry => isThere is null || isThere(entry))
                .Select(entry => "/dev/" + Path.GetFileName(entry))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            return [];
        }
    }

    private List<(string Name, string Value)> ReadPairs(string file, char separator) =>
    [
        .. (ReadText(PathOf(file)) ?? string.Empty).Split('\n')
            .Select(line => line.Split(separator, 2))
            .Where(parts => parts.Length == 2)
            .Select(parts => (parts[0].Trim(), parts[1].Trim())),
    ];

    private string PathOf(string path) => Path.Combine(root, path);
}
