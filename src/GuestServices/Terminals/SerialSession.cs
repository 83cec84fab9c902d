namespace VpcComApi.GuestServices.Terminals;

/// <summary>Reads commands that are typed at the other end of a serial line.</summary>
/// <param name="terminal">The line.</param>
internal sealed class SerialSession(ITerminal terminal)
{
    private const byte Interrupt = 0x03;
    private const byte Backspace = 0x08;
    private const byte ClearScreen = 0x0C;
    private const byte Escape = 0x1B;
    private const byte Delete = 0x7F;

    private readonly LineEditor editor = new(terminal);
    private bool isInEscape;
    private byte last;

    /// <summary>The line.</summary>
    public ITerminal Terminal => terminal;

    /// <summary>Processes one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <returns>The line that it completes, otherwise null.</returns>
    public string? Take(byte value)
    {
        byte before = last;
        last = value;
        if (isInEscape)
        {
            // Key sequences of terminals, such as the arrow keys: an escape, a bracket, possibly numbers, a letter.
            isInEscape = !char.IsAsciiLetter((char)value) && value != '~';
            return null;
        }

        switch (value)
        {
            case Escape:
                isInEscape = true;
                return null;
            case (byte)'\n' when before == '\r':
                return null;
            case (byte)'\r' or (byte)'\n':
                return editor.Take(new KeyPress('\0', EditKey.Enter));
            case Backspace or Delete:
                return editor.Take(new KeyPress('\0', EditKey.Backspace));
            case Interrupt:
                return editor.Take(new KeyPress('\0', EditKey.Interrupt));
            case ClearScreen:
                terminal.Clear();
                return string.Empty;
            case >= 0x20 and < Delete:
                return editor.Take(new KeyPress((char)value));
            default:
                return null;
        }
    }
}
