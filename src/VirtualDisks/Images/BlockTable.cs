using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>
/// The block allocation table of a growing image: where each block stands in the file, in sectors. Changes are kept in memory until
/// <see cref="WriteChanges"/>, so that an entry reaches the disk after the block that it points to. Whole sectors are written, which a disk
/// writes or does not.
/// </summary>
internal sealed class BlockTable
{
    private const uint Unused = uint.MaxValue;
    private const int EntriesPerSector = VirtualDiskLimits.SectorSize / sizeof(uint);

    private readonly IDiskFile file;
    private readonly long offset;
    private readonly uint[] entries;
    private readonly SortedSet<int> changedSectors = [];

    private BlockTable(IDiskFile file, long offset, uint[] entries)
    {
        this.file = file;
        this.offset = offset;
        this.entries = entries;
    }

    /// <summary>Whether entries have changed since they were last written.</summary>
    public bool HasChanges => changedSectors.Count > 0;

    /// <summary>The blocks that are in the file, in the order of the disk.</summary>
    public IEnumerable<int> UsedBlocks => Enumerable.Range(0, entries.Length).Where(IsUsed);

    /// <summary>Reads the table and checks that each block lies in the file, at a place of its own.</summary>
    /// <param name="file">The file.</param>
    /// <param name="head">What it says of itself, checked.</param>
    /// <param name="end">Where the last block or structure ends.</param>
    /// <exception cref="VirtualDiskException">The table is damaged.</exception>
    public static BlockTable Read(IDiskFile file, ImageHead head, out long end)
    {
        SparseHeader header = head.Header!;
        uint[] entries = new uint[header.TableEntries];
        file.Read(header.TableOffset, MemoryMarshal.AsBytes(entries.AsSpan()));
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(entries, entries);
        }

        long blockLength = SectorMath.BitmapLength((int)header.BlockSize) + (long)header.BlockSize;
        end = CheckPlaces(file, head, entries, blockLength);
        return new BlockTable(file, header.TableOffset, entries);
    }

    /// <summary>Whether a block is in the file.</summary>
    /// <param name="block">Its number.</param>
    public bool IsUsed(int block) => entries[block] != Unused;

    /// <summary>Where a block begins in the file; it must be there.</summary>
    /// <param name="block">Its number.</param>
    public long PlaceOf(int block) => (long)entries[block] * VirtualDiskLimits.SectorSize;

    /// <summary>Notes where a new block stands.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="place">Where it begins.</param>
    public void Add(int block, long place)
    {
        long sector = place / VirtualDiskLimits.SectorSize;
        if (sector >= Unused)
        {
            throw new VirtualDiskException(
                VirtualDiskError.TooLarge,
                $"{file.Path} cannot grow any more: the format ends at 2 TB. Compact it, or write it into a new image.")
            {
                Image = file.Path,
            };
        }

        entries[block] = (uint)sector;
        changedSectors.Add(block / EntriesPerSector);
    }

    /// <summary>Writes what has changed.</summary>
    public void WriteChanges()
    {
        Span<byte> sector = stackalloc byte[VirtualDiskLimits.SectorSize];
        foreach (int changed in changedSectors)
        {
            int first = changed * EntriesPerSector;
            int count = Math.Min(EntriesPerSector, entries.Length - first);
            for (int i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(sector[(i * sizeof(uint))..], entries[first + i]);
            }

            file.Write(offset + ((long)changed * VirtualDiskLimits.SectorSize), sector[..(count * sizeof(uint))]);
        }

        changedSectors.Clear();
    }

    private static long CheckPlaces(IDiskFile file, ImageHead head, uint[] entries, long blockLength)
    {
        SparseHeader header = head.Header!;
        List<(long Start, long End, string What)> structures =
        [
            (0, DiskFooter.Length, "the copy of its footer"),
            (head.Footer.HeaderOffset, head.Footer.HeaderOffset + SparseHeader.Length, "its header"),
            (header.TableOffset, header.TableOffset + ((long)entries.Length * sizeof(uint)), "its block table"),
        ];
        long limit = file.Length;
        long[] places = [.. entries.Where(entry => entry != Unused).Select(entry => (long)entry * VirtualDiskLimits.SectorSize)];
        Array.Sort(places);
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] > limit - blockLength)
            {
                throw ImageHead.Damaged(file, $"a block would stand at {places[i]:N0} and end beyond the file");
            }

            if (i > 0 && places[i] < places[i - 1] + blockLength)
            {
                throw ImageHead.Damaged(file, $"two blocks would stand at {places[i]:N0}");
            }
        }

        foreach ((long start, long end, string what) in structures)
        {
            int next = Array.BinarySearch(places, start);
            next = next < 0 ? ~next : next;
            if ((next < places.Length && places[next] < end) || (next > 0 && places[next - 1] + blockLength > start))
            {
                throw ImageHead.Damaged(file, $"a block would stand over {what}");
            }
        }

        IEnumerable<long> locatorEnds = header.Locators
            .Where(locator => locator.Offset > 0 && locator.Length > 0 && locator.Offset <= limit - locator.Length)
            .Select(locator => locator.Offset + locator.Length);
        return structures.Select(structure => structure.End)
            .Concat(locatorEnds)
            .Append(places.Length == 0 ? 0 : places[^1] + blockLength)
            .Max();
    }
}
