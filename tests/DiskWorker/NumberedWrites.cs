using System.Buffers.Binary;

namespace VpcComApi.DiskWorker;

/// <summary>A series of writes to a disk. Each sector contains the number of its write, by which it can be identified.</summary>
public static class NumberedWrites
{
    /// <summary>How many there are.</summary>
    public const int Count = 160;

    /// <summary>After how many writes the disk is flushed.</summary>
    public const int FlushEvery = 8;

    private const int SectorLength = 512;
    private const int MaximumSectors = 2048;

    /// <summary>Where a write goes.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="size">The disk's size in bytes.</param>
    /// <returns>The first sector, and how many.</returns>
    public static (int First, int Count) Place(int number, long size)
    {
        Random random = new(number);
        int sectors = (int)(size / SectorLength);
        int first = random.Next(sectors);
        return (first, Math.Min(random.Next(1, MaximumSectors), sectors - first));
    }

    /// <summary>What a write writes.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="size">The disk's size in bytes.</param>
    public static byte[] Data(int number, long size)
    {
        (int first, int count) = Place(number, size);
        byte[] data = new byte[count * SectorLength];
        for (int i = 0; i < count; i++)
        {
            FillSector(data.AsSpan(i * SectorLength, SectorLength), number, first + i);
        }

        return data;
    }

    /// <summary>The number of the write of a sector.</summary>
    /// <param name="sector">The sector's content.</param>
    public static int NumberOf(ReadOnlySpan<byte> sector) => BinaryPrimitives.ReadInt32LittleEndian(sector);

    /// <summary>What a write puts into a sector.</summary>
    /// <param name="sector">The sector's content.</param>
    /// <param name="number">The write's number.</param>
    /// <param name="place">The sector's number on the disk.</param>
    public static void FillSector(Span<byte> sector, int number, int place)
    {
        for (int at = 0; at < sector.Length; at += 2 * sizeof(int))
        {
            BinaryPrimitives.WriteInt32LittleEndian(sector[at..], number);
            BinaryPrimitives.WriteInt32LittleEndian(sector[(at + sizeof(int))..], place);
        }
    }
}
