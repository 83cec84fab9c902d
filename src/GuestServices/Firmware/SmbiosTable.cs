using System.Buffers.Binary;
using System.Text;

namespace VpcComApi.GuestServices.Firmware;

/// <summary>
/// Reads the structures of the System Management BIOS (DMTF DSP0134, https://www.dmtf.org/standards/smbios), with which a machine's
/// firmware describes the machine to the guest. A truncated or invalid structure ends the reading; nothing is guessed.
/// </summary>
internal static class SmbiosTable
{
    /// <summary>The longest table that is read, in bytes; the standard's limit for 32-bit entry points.</summary>
    public const int MaxLength = 64 * 1024;

    private const int HeaderLength = 4;
    private const byte ChassisType = 3;
    private const int AssetTagOffset = 8;
    private const byte OemStringsType = 11;
    private const byte EndOfTableType = 127;

    /// <summary>Reads a table.</summary>
    /// <param name="table">The structures, one after the other, without entry point.</param>
    public static FirmwareTexts Read(ReadOnlySpan<byte> table)
    {
        string chassisAssetTag = "";
        List<string> oemStrings = [];
        while (table.Length >= HeaderLength && table[0] != EndOfTableType)
        {
            int formatted = table[1];
            if (formatted < HeaderLength || formatted > table.Length)
            {
                break;
            }

            // The texts follow the formatted part. Each ends with a 0, and one more 0 ends the list.
            int textsLength = table[formatted..].IndexOf([(byte)0, (byte)0]);
            if (textsLength < 0)
            {
                break;
            }

            ReadOnlySpan<byte> texts = table.Slice(formatted, textsLength);
            switch (table[0])
            {
                case ChassisType when formatted > AssetTagOffset && chassisAssetTag.Length == 0:
                    chassisAssetTag = Text(texts, table[AssetTagOffset]);
                    break;
                case OemStringsType when formatted > HeaderLength:
                    for (int number = 1; number <= table[HeaderLength]; number++)
                    {
                        oemStrings.Add(Text(texts, number));
                    }

                    break;
                default:
                    break;
            }

            table = table[(formatted + textsLength + 2)..];
        }

        return new FirmwareTexts(chassisAssetTag, oemStrings);
    }

    /// <summary>Extracts the structures from the result of Windows' GetSystemFirmwareTable for 'RSMB'.</summary>
    /// <param name="raw">Four bytes of versions, the length, the structures.</param>
    public static ReadOnlySpan<byte> OfRawFirmwareTable(ReadOnlySpan<byte> raw)
    {
        const int LengthOffset = 4;
        const int DataOffset = 8;
        return raw.Length < DataOffset
            ? []
            : raw[DataOffset..][
                ..(int)Math.Min((uint)(raw.Length - DataOffset), BinaryPrimitives.ReadUInt32LittleEndian(raw[LengthOffset..]))];
    }

    /// <summary>A text by its number, from 1; empty when there is none.</summary>
    private static string Text(ReadOnlySpan<byte> texts, int number)
    {
        for (int at = 1; number > 0; at++)
        {
            int end = texts.IndexOf((byte)0);
            ReadOnlySpan<byte> text = end < 0 ? texts : texts[..end];
            if (at == number)
            {
                return Encoding.UTF8.GetString(text);
            }

            if (end < 0)
            {
                break;
            }

            texts = texts[(end + 1)..];
        }

        return "";
    }
}
