namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// An output for people: the screen, or the other end of a serial line. Line feed begins a new line; backspace moves left by
/// one place and erases nothing.
/// </summary>
internal interface ITerminal
{
    /// <summary>Writes a text.</summary>
    /// <param name="text">ASCII, line feeds and backspaces.</param>
    /// <param name="color">Its colour, for terminals that have colours.</param>
    void Write(string text, byte color = TextColor.Normal);

    /// <summary>Erases everything.</summary>
    void Clear();
}
