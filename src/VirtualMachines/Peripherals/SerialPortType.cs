namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>What a machine's serial port is wired to. The numbers are the contract's.</summary>
public enum SerialPortType
{
    /// <summary>A serial port of the host.</summary>
    HostPort = 0,

    /// <summary>A file, to which what the guest sends is appended.</summary>
    TextFile = 1,

    /// <summary>A named pipe of the host, which the machine serves and programs open.</summary>
    NamedPipe = 2,

    /// <summary>Nothing: what the guest sends is thrown away.</summary>
    Null = 3,
}
