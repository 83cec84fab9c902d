using System.Text;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// A terminal at the other end of a serial line. It has no colours, and its lines end with carriage return and line feed.
/// </summary>
/// <param name="send">Sends over the line. Must be quick.</param>
internal sealed class SerialTerminal(Action<byte[]> send) : ITerminal
{
    /// <summary>The sequence that clears the screen of terminals since the VT100.</summary>
    private const string EraseAll = "\u001b[2J\u001b[H";

    /// <inheritdoc/>
    public void Write(string text, byte color = TextColor.Normal) => Send(text.Replace("\n", "\r\n", StringComparison.Ordinal));

    /// <inheritdoc/>
    public void Clear() => Send(EraseAll);

    private void Send(string text) => send(Encoding.ASCII.GetBytes(text));
}
