using VpcComApi.VirtualDisks.Files;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>
/// The bitmaps before the blocks of a growing image: which sectors of a block are its own. Bits count from the highest of the first byte.
/// Some are kept in memory; changes stay there until <see cref="WriteChanges"/>, so that a bit reaches the disk after the sector that it
/// stands for.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="length">Bytes of a bitmap.</param>
internal sealed class SectorBitmaps(IDiskFile file, int length)
{
    private const int MaximumKeptBytes = 4 << 20;

    private readonly Dictionary<long, byte[]> kept = [];
    private readonly HashSet<long> changed = [];

    /// <summary>Whether bits have changed since they were last written.</summary>
    public bool HasChanges => changed.Count > 0;

    /// <summary>Whether there are so many changes that they should be written.</summary>
    public bool IsFull => (long)kept.Count * length >= MaximumKeptBytes;

    /// <summary>The bitmap of a block.</summary>
    /// <param name="place">Where the block begins in the file.</param>
    public ReadOnlySpan<byte> At(long place) => Keep(place);

    /// <summary>Counts the sectors from one on that are alike: all the block's own, or all not.</summary>
    /// <param name="bitmap">The block's bitmap.</param>
    /// <param name="first">The first sector.</param>
    /// <param name="limit">The sector to stop at.</param>
    /// <param name="own">Whether they are the block's own.</param>
    public static int RunLength(ReadOnlySpan<byte> bitmap, int first, int limit, out bool own)
    {
        own = IsSet(bitmap, first);
        byte whole = own ? (byte)0xFF : (byte)0;
        int sector = first + 1;
        while (sector < limit)
        {
            if (sector % 8 == 0 && sector + 8 <= limit && bitmap[sector / 8] == whole)
            {
                sector += 8;
            }
            else if (IsSet(bitmap, sector) == own)
            {
                sector++;
            }
            else
            {
                break;
            }
        }

        return sector - first;
    }

    /// <summary>Sets bits.</summary>
    /// <param name="bitmap">The bitmap.</param>
    /// <param name="first">The first sector.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether any bit was not set before.</returns>
    public static bool Set(Span<byte> bitmap, int first, int count)
    {
        bool any = false;
        for (int sector = first; sector < first + count; sector++)
        {
            byte bit = (byte)(0x80 >> (sector % 8));
            any |= (bitmap[sector / 8] & bit) == 0;
            bitmap[sector / 8] |= bit;
        }

        return any;
    }

    /// <summary>Notes that sectors of a block are now its own.</summary>
    /// <param name="place">Where the block begins in the file.</param>
    /// <param name="first">The first sector.</param>
    /// <param name="count">How many.</param>
    public void Mark(long place, int first, int count)
    {
        if (Set(Keep(place), first, count))
        {
            changed.Add(place);
        }
    }

    /// <summary>Writes what has changed, and forgets what is kept if it is much.</summary>
    public void WriteChanges()
    {
        foreach (long place in changed.Order())
        {
            file.Write(place, kept[place]);
        }

        changed.Clear();
        if (IsFull)
        {
            kept.Clear();
        }
    }

    private byte[] Keep(long place)
    {
        if (kept.TryGetValue(place, out byte[]? bitmap))
        {
            return bitmap;
        }

        if (IsFull && !HasChanges)
        {
            kept.Clear();
        }

        bitmap = new byte[length];
        file.Read(place, bitmap);
        kept.Add(place, bitmap);
        return bitmap;
    }

    private static bool IsSet(ReadOnlySpan<byte> bitmap, int sector) => (bitmap[sector / 8] & (0x80 >> (sector % 8))) != 0;
}
