namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>One line of an emulated display.</summary>
/// <param name="Row">The row, 0 at the top.</param>
/// <param name="Text">The characters, beginning at the left edge, printable ASCII; the rest of the line is blank.</param>
/// <param name="Colors">
/// One byte for each character, as in a PC's text mode: the foreground colour in the low four bits, the background colour in the high ones.
/// </param>
internal sealed record BoardScreenLine(int Row, string Text, byte[] Colors);
