namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// The input of an emulated machine's devices for its guest: a line of JSON on the guest's standard input. It is not answered.
/// </summary>
internal sealed record BoardInput
{
    /// <summary>
    /// Keystrokes in order: the key's scan code when it is pressed, the negative of that when it is released.
    /// </summary>
    public IReadOnlyList<int>? Keys { get; init; }

    /// <summary>A move of the mouse.</summary>
    public BoardMouse? Mouse { get; init; }

    /// <summary>
    /// Bytes that a serial port has received. At most one message for each port is in transit: the next one is sent when the guest has sent
    /// <see cref="BoardOutput.SerialReady"/>.
    /// </summary>
    public BoardSerial? Serial { get; init; }

    /// <summary>
    /// The number of a serial port, 0 for COM1, that is ready to receive: the guest may send one <see cref="BoardOutput.Serial"/> over it.
    /// </summary>
    public int? SerialReady { get; init; }
}
