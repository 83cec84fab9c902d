using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Tests;

/// <summary>A computer in memory.</summary>
internal sealed class FakeHostSystem : IHostSystem
{
    /// <summary>The network adapters.</summary>
    public IReadOnlyList<HostNetworkAdapter> NetworkAdapters { get; set; } =
        [new("Wired", IsWireless: false), new("Air", IsWireless: true)];

    /// <summary>The USB devices.</summary>
    public IReadOnlyList<HostUsbDevice> UsbDevices { get; set; } = [];

    /// <summary>The drives for CDs and DVDs.</summary>
    public IReadOnlyList<string> DvdDrives { get; set; } = [];

    /// <summary>The floppy drives.</summary>
    public IReadOnlyList<string> FloppyDrives { get; set; } = [];

    /// <summary>The memory.</summary>
    public HostMemory Memory { get; set; } = new(8192, 4096);

    /// <summary>The room on every disk.</summary>
    public long? FreeBytes { get; set; }

    /// <summary>A folder on a disk that is full, if any.</summary>
    public string? FullFolder { get; set; }

    /// <inheritdoc/>
    public ProcessorFacts ReadProcessor() => new()
    {
        LogicalCount = 4, PhysicalCount = 1, Megahertz = 2800, Manufacturer = "GenuineIntel", Model = "Fake", HasMmx = true, HasSse = true,
        HasSse2 = true,
    };

    /// <inheritdoc/>
    public HostOperatingSystem ReadOperatingSystem() => new("Fake", new Version(6, 1), string.Empty);

    /// <inheritdoc/>
    public HostMemory ReadMemory() => Memory;

    /// <inheritdoc/>
    public IReadOnlyList<HostNetworkAdapter> ReadNetworkAdapters() => NetworkAdapters;

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadNetworkAddresses() => ["10.0.0.1"];

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadDvdDrives() => DvdDrives;

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadFloppyDrives() => FloppyDrives;

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadSerialPorts() => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadParallelPorts() => [];

    /// <inheritdoc/>
    public IReadOnlyList<HostUsbDevice> ReadUsbDevices() => UsbDevices;

    /// <inheritdoc/>
    public long? ReadFreeBytes(string folder) => folder == FullFolder ? 0 : FreeBytes;
}
