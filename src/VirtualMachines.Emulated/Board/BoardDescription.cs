namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// The description of an emulated machine for its guest at power-on: the first line that the guest reads from its standard input, as JSON.
/// </summary>
internal sealed record BoardDescription
{
    /// <summary>The address of the machine's bus device: <c>unix:PATH</c> or <c>pipe:NAME</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>The key that both ends of the bus link prove to each other, in hexadecimal digits.</summary>
    public required string Key { get; init; }

    /// <summary>The machine's name.</summary>
    public required string MachineName { get; init; }

    /// <summary>The machine's memory in megabytes.</summary>
    public int MemoryMegabytes { get; init; }

    /// <summary>The firmware's tables.</summary>
    public required BoardFirmware Firmware { get; init; }

    /// <summary>The content of the machine's non-volatile memory: the guest's parameters by name.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
}
