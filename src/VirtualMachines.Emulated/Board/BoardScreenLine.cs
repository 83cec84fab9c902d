namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>One line of an emulated display.</summary>
/// <param name="Row">The row, 0 at the top.</param>
/// <param name="Text">The characters from the left edge on, printable ASCII; what the text does not reach is blank.</param>
/// <param name="Colors">
/// A byte a character, as a PC's text mode has it: the characters' colour in the low four bits, that behind them in the high ones.
/// </param>
internal sealed record BoardScreenLine(int Row, string Text, byte[] Colors);
