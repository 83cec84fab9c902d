namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>What an emulated machine's devices bring to its guest: a line of JSON on the guest's standard input. Nobody answers it.</summary>
internal sealed record BoardInput
{
    /// <summary>Keys in the order in which they move: the key's scan code when it is pressed, the negative of that when it is released.</summary>
    public IReadOnlyList<int>? Keys { get; init; }

    /// <summary>A move of the mouse.</summary>
    public BoardMouse? Mouse { get; init; }

    /// <summary>Bytes that a serial port has received.</summary>
    public BoardSerial? Serial { get; init; }
}
