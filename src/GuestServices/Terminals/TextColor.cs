namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// The colours that the console uses, as a PC's text mode has them: characters in the low four bits, what is behind them in the high ones.
/// </summary>
internal static class TextColor
{
    /// <summary>Grey on black.</summary>
    public const byte Normal = 0x07;

    /// <summary>White on black, for what a person types.</summary>
    public const byte Input = 0x0F;

    /// <summary>Green on black, for the prompt.</summary>
    public const byte Prompt = 0x0A;

    /// <summary>Light cyan on black, for headings.</summary>
    public const byte Heading = 0x0B;

    /// <summary>Yellow on black, for what wants attention.</summary>
    public const byte Notice = 0x0E;

    /// <summary>White on blue, for the status line.</summary>
    public const byte Status = 0x1F;

    /// <summary>The same colours the other way round.</summary>
    public static byte Inverse(byte color) => (byte)((color << 4) | (color >> 4));
}
