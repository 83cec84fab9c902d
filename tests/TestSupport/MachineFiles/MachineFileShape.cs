namespace VpcComApi.TestSupport.MachineFiles;

/// <summary>A machine file in the shape of a public one, and what a machine is by it.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Content">The file.</param>
public sealed record MachineFileShape(string Name, byte[] Content)
{
    /// <summary>Its memory, in megabytes.</summary>
    public required int Memory { get; init; }

    /// <summary>How many network cards it has.</summary>
    public required int NetworkCards { get; init; }

    /// <summary>The id that the file brings, or null.</summary>
    public Guid? ConfigurationId { get; init; }

    /// <summary>The type of its first serial port, in the contract's numbers.</summary>
    public int SerialPortType { get; init; } = 3;

    /// <summary>The other end of its first serial port; for a text file, the path from the machine's folder with slashes.</summary>
    public string SerialPortName { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
