namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// A line of JSON on the guest's standard output: what it writes to its display or to a serial line, or, if it has neither, a
/// <see cref="BoardWrite"/>. Only that is answered.
/// </summary>
internal sealed record BoardOutput
{
    /// <inheritdoc cref="BoardWrite(string, string)"/>
    public string? Parameter { get; init; }

    /// <inheritdoc cref="BoardWrite(string, string)"/>
    public string? Value { get; init; }

    /// <summary>What is written to the display.</summary>
    public BoardScreen? Screen { get; init; }

    /// <summary>What is sent over a serial line, once for each <see cref="BoardInput.SerialReady"/>.</summary>
    public BoardSerial? Serial { get; init; }

    /// <summary>
    /// The number of a serial port, 0 for COM1, that has processed everything it has received: the machine may send one
    /// <see cref="BoardInput.Serial"/> over it.
    /// </summary>
    public int? SerialReady { get; init; }
}
