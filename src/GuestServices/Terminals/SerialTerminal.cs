using System.Text;
using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>A terminal at the other end of a serial line. It has no colours, and its lines end with carriage return and line feed.</summary>
/// <param name="port">The port, 0 for COM1.</param>
/// <param name="send">Sends over the board's serial lines. Must be quick.</param>
internal sealed class SerialTerminal(int port, Action<BoardSerial> send) : ITerminal
{
    /// <summary>What terminals since the VT100 erase themselves by.</summary>
    private const string EraseAll = "\u001b[2J\u001b[H";

    /// <inheritdoc/>
    public void Write(string text, byte color = TextColor.Normal) => Send(text.Replace("\n", "\r\n", StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Clear() => Send(EraseAll);

    private void Send(string text)
    {
        foreach (byte[] part in Encoding.ASCII.GetBytes(text).Chunk(BoardSerial.MaxLength))
        {
            send(new BoardSerial(port, part));
        }
    }
}
