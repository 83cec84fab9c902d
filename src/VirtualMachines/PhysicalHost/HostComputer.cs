namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>
/// The computer that the application runs on. What cannot change while it runs is read once, the rest at each call. Safe for many threads.
/// </summary>
public sealed class HostComputer
{
    private readonly IHostSystem system;
    private readonly TimeProvider timeProvider;
    private readonly Lazy<ProcessorFacts> processor;
    private readonly Lazy<HostOperatingSystem> operatingSystem;

    internal HostComputer(IHostSystem system, TimeProvider timeProvider)
    {
        this.system = system;
        this.timeProvider = timeProvider;
        processor = new Lazy<ProcessorFacts>(system.ReadProcessor);
        operatingSystem = new Lazy<HostOperatingSystem>(system.ReadOperatingSystem);
    }

    /// <summary>Its processors.</summary>
    public ProcessorFacts Processor => processor.Value;

    /// <summary>Its operating system.</summary>
    public HostOperatingSystem OperatingSystem => operatingSystem.Value;

    /// <summary>Its memory now.</summary>
    public HostMemory Memory => system.ReadMemory();

    /// <summary>Its network adapters; each has a virtual network.</summary>
    public IReadOnlyList<HostNetworkAdapter> NetworkAdapters => system.ReadNetworkAdapters();

    /// <summary>Its IPv4 addresses, in dotted decimal form, without those of the loopback.</summary>
    public IReadOnlyList<string> NetworkAddresses => system.ReadNetworkAddresses();

    /// <summary>Its drives for CDs and DVDs: <c>D:</c> on Windows, <c>/dev/sr0</c> elsewhere.</summary>
    public IReadOnlyList<string> DvdDrives => system.ReadDvdDrives();

    /// <summary>Its floppy drives: <c>A:</c> on Windows, <c>/dev/fd0</c> elsewhere.</summary>
    public IReadOnlyList<string> FloppyDrives => system.ReadFloppyDrives();

    /// <summary>Its serial ports: <c>COM1</c> on Windows, <c>/dev/ttyS0</c> elsewhere.</summary>
    public IReadOnlyList<string> SerialPorts => system.ReadSerialPorts();

    /// <summary>Its parallel ports: <c>LPT1</c> on Windows, <c>/dev/parport0</c> elsewhere.</summary>
    public IReadOnlyList<string> ParallelPorts => system.ReadParallelPorts();

    /// <summary>Its clock, in universal time.</summary>
    public DateTime UtcTime => timeProvider.GetUtcNow().UtcDateTime;

    /// <summary>The USB devices that are plugged in, without hubs.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.UsbEnumerationFailed"/>.</exception>
    internal IReadOnlyList<HostUsbDevice> UsbDevices => system.ReadUsbDevices();

    /// <summary>How much room this user has on the disk of a folder, in bytes; null when the system does not say.</summary>
    /// <param name="folder">The folder's full path.</param>
    internal long? ReadFreeBytes(string folder) => system.ReadFreeBytes(folder);

    /// <summary>What this computer's operating system reports.</summary>
    internal static IHostSystem ThisSystem =>
        System.OperatingSystem.IsWindows() ? new WindowsHostSystem() : new LinuxHostSystem();
}
