namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// The colours of the console, encoded as in a PC's text mode: the foreground in the low four bits, the background in the high ones.
/// </summary>
internal static class TextColor
{
    /// <summary>Grey on black.</summary>
    public const byte Normal = 0x07;

    /// <summary>White on black, for typed input.</summary>
    public const byte Input = 0x0F;

    /// <summary>Green on black, for the prompt.</summary>
    public const byte Prompt = 0x0A;

    /// <summary>Light cyan on black, for headings.</summary>
    public const byte Heading = 0x0B;

    /// <summary>Yellow on black, for notices.</summary>
    public const byte Notice = 0x0E;

    /// <summary>White on blue, for the status line.</summary>
    public const byte Status = 0x1F;

    /// <summary>Swaps foreground and background.</summary>
    public static byte Inverse(byte color) => (byte)((color << 4) | (color >> 4));
}
