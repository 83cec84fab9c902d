using System.Security.Cryptography;

namespace VpcComApi.VirtualDisks.Tests;

/// <summary>Whole contents of small disks.</summary>
internal static class DiskContent
{
    /// <summary>Sixteen megabytes and a bit: eight blocks and a part of a ninth.</summary>
    public const int Size = (16 << 20) + (3 * 512);

    /// <summary>Reads all of a disk.</summary>
    public static byte[] Read(string path)
    {
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.Read);
        byte[] content = new byte[disk.Size];
        disk.Read(0, content);
        return content;
    }

    /// <summary>Writes pieces of random bytes into a disk and answers what the disk then holds.</summary>
    public static byte[] Scribble(string path, int seed)
    {
        byte[] content = Read(path);
        Random random = new(seed);
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
        for (int i = 0; i < 20; i++)
        {
            int sectors = (int)(disk.Size / 512);
            int first = random.Next(sectors);
            int count = Math.Min(random.Next(1, 300), sectors - first);
            Span<byte> piece = content.AsSpan(first * 512, count * 512);
            random.NextBytes(piece);
            disk.Write(first * 512L, piece);
        }

        disk.Flush();
        return content;
    }

    /// <summary>A file's hash, to see that it was not changed.</summary>
    public static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
