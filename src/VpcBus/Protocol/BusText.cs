using System.Text;

namespace VpcComApi.VpcBus.Protocol;

/// <summary>Text in the protocol: strict UTF-8 with a limited number of bytes.</summary>
internal static class BusText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The length of a text in bytes; unpaired surrogates count as the replacement character.</summary>
    public static int ByteCount(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>The bytes of a text, cut at a character's end so that at most <paramref name="maxBytes"/> remain.</summary>
    public static byte[] Encode(string text, int maxBytes)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= maxBytes)
        {
            return bytes;
        }

        int length = maxBytes;
        while (length > 0 && (bytes[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return bytes[..length];
    }

    /// <summary>Reads a text, or returns false if the bytes are not UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = Strict.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
