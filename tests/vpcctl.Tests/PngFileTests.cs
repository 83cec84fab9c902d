using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Tests;

/// <summary>Pictures as PNG files.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PngFileTests
{
    private static readonly uint[] Pixels = [0xFF0000, 0x00FF00, 0x0000FF, 0x123456, 0xFFFFFF, 0x000000];

    [Test]
    public void A_file_has_the_signature_and_its_three_chunks()
    {
        byte[] file = PngFile.Encode(3, Pixels);

        Assert.That(file.Take(8), Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }));
        Assert.That(ChunksOf(file).Select(chunk => chunk.Type), Is.EqualTo(["IHDR", "IDAT", "IEND"]));
        Assert.That(ChunksOf(file)[0].Data, Is.EqualTo(new byte[] { 0, 0, 0, 3, 0, 0, 0, 2, 8, 2, 0, 0, 0 }));

        // The check sum that every PNG file ends with.
        Assert.That(file.TakeLast(4), Is.EqualTo(new byte[] { 0xAE, 0x42, 0x60, 0x82 }));
    }

    [Test]
    public void Its_pixels_are_red_green_and_blue_row_by_row()
    {
        using ZLibStream data = new(new MemoryStream(ChunksOf(PngFile.Encode(3, Pixels))[1].Data), CompressionMode.Decompress);
        using MemoryStream plain = new();
        data.CopyTo(plain);

        Assert.That(plain.ToArray(), Is.EqualTo(new byte[]
        {
            0, 0xFF, 0, 0, 0, 0xFF, 0, 0, 0, 0xFF,
            0, 0x12, 0x34, 0x56, 0xFF, 0xFF, 0xFF, 0, 0, 0,
        }));
    }

    private static List<(string Type, byte[] Data)> ChunksOf(byte[] file)
    {
        const int Overhead = 12;
        List<(string, byte[])> chunks = [];
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += length + Overhead;
        }

        return chunks;
    }
}
