using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VpcComApi.CommandLine.Output;

/// <summary>
/// Writes pictures as PNG files: eight bits each of red, green and blue, no transparency. See https://www.w3.org/TR/png/.
/// </summary>
internal static class PngFile
{
    private const byte BitsPerChannel = 8;
    private const byte TrueColor = 2;
    private const int Channels = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Makes the file's content.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="pixels">Whole rows of colours, each <c>0x00RRGGBB</c>.</param>
    public static byte[] Encode(int width, ReadOnlySpan<uint> pixels)
    {
        int height = pixels.Length / width;
        using MemoryStream file = new();
        file.Write(Signature);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = BitsPerChannel;
        header[9] = TrueColor;
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", Compress(width, pixels));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte[] Compress(int width, ReadOnlySpan<uint> pixels)
    {
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal))
        {
            // A row begins with the number of its filter; 0 is none.
            byte[] row = new byte[1 + (width * Channels)];
            for (int at = 0; at < pixels.Length; at += width)
            {
                for (int x = 0; x < width; x++)
                {
                    uint color = pixels[at + x];
                    row[1 + (x * Channels)] = (byte)(color >> 16);
                    row[2 + (x * Channels)] = (byte)(color >> 8);
                    row[3 + (x * Channels)] = (byte)color;
                }

                zlib.Write(row);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] name = Encoding.ASCII.GetBytes(type);
        file.Write(name);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, name), data));
        file.Write(number);
    }

    /// <summary>CRC-32 as PNG has it, bit by bit: a picture is small, and nobody waits for it.</summary>
    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        const uint Polynomial = 0xEDB88320;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }
        }

        return crc;
    }
}
