namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// What an emulated machine's devices bring to its guest: a line of JSON on the guest's standard input. Nobody answers it.
/// </summary>
internal sealed record BoardInput
{
    /// <summary>
    /// Keys in the order in which they move: the key's scan code when it is pressed, the negative of that when it is released.
    /// </summary>
    public IReadOnlyList<int>? Keys { get; init; }

    /// <summary>A move of the mouse.</summary>
    public BoardMouse? Mouse { get; init; }

    /// <summary>
    /// Bytes that a serial port has received. At most one message a port is under way: the next follows when the guest has said
    /// <see cref="BoardOutput.SerialReady"/>.
    /// </summary>
    public BoardSerial? Serial { get; init; }

    /// <summary>
    /// The number of a serial port, 0 for COM1, whose reader waits: the guest may send one <see cref="BoardOutput.Serial"/> over it.
    /// </summary>
    public int? SerialReady { get; init; }
}
