namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>
/// What an operating system reports of the computer. Each call looks anew. What a host does not have, or does not report, is empty or 0,
/// and no failure.
/// </summary>
internal interface IHostSystem
{
    /// <summary>The processors.</summary>
    ProcessorFacts ReadProcessor();

    /// <summary>The operating system.</summary>
    HostOperatingSystem ReadOperatingSystem();

    /// <summary>The memory now.</summary>
    HostMemory ReadMemory();

    /// <summary>The network adapters that a virtual network can use.</summary>
    IReadOnlyList<HostNetworkAdapter> ReadNetworkAdapters();

    /// <summary>The computer's IPv4 addresses, in dotted decimal form.</summary>
    IReadOnlyList<string> ReadNetworkAddresses();

    /// <summary>The drives for CDs and DVDs: a letter with colon on Windows, the device elsewhere.</summary>
    IReadOnlyList<string> ReadDvdDrives();

    /// <summary>The floppy drives, likewise.</summary>
    IReadOnlyList<string> ReadFloppyDrives();

    /// <summary>The serial ports: COM1, or the device.</summary>
    IReadOnlyList<string> ReadSerialPorts();

    /// <summary>The parallel ports: LPT1, or the device.</summary>
    IReadOnlyList<string> ReadParallelPorts();

    /// <summary>The USB devices that are plugged in, without hubs.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.UsbEnumerationFailed"/>.</exception>
    IReadOnlyList<HostUsbDevice> ReadUsbDevices();

    /// <summary>How much room a user has on the disk of a folder, in bytes; null when the system does not say.</summary>
    /// <param name="folder">The folder's full path.</param>
    long? ReadFreeBytes(string folder);
}
