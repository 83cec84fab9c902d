namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// One write of the guest to its machine's non-volatile memory: a line of JSON on the guest's standard output. The machine answers each
/// with one line on the guest's standard input, <see cref="Stored"/> or <see cref="Refused"/>.
/// </summary>
/// <param name="Parameter">The parameter's name, 1 to <see cref="MaxNameLength"/> characters.</param>
/// <param name="Value">Its new value, at most <see cref="MaxValueLength"/> characters.</param>
internal sealed record BoardWrite(string Parameter, string Value)
{
    /// <summary>The machine's answer to a write that it has stored.</summary>
    public const string Stored = "stored";

    /// <summary>The machine's answer to a write that exceeds a limit.</summary>
    public const string Refused = "refused";

    /// <summary>The longest name, in characters: the contract's limit.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxValueLength = 8 * 1024;

    /// <summary>The most parameters of one machine.</summary>
    public const int MaxParameters = 512;

    /// <summary>Bytes of the longest line that either side writes: a name and a value in which every character is escaped.</summary>
    public const int MaxLineLength = ((MaxNameLength + MaxValueLength) * 6) + 64;
}
