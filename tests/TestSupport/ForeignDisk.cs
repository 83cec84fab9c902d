using System.Buffers.Binary;
using System.Text;

namespace VpcComApi.TestSupport;

/// <summary>
/// A virtual hard disk as another program writes it, put together byte by byte from the public format specification, without a line of what
/// is tested. Each sector of its blocks contains its position; the bitmap before a block marks the valid ones.
/// </summary>
/// <param name="size">The size in the footer, in bytes.</param>
public sealed class ForeignDisk(long size)
{
    /// <summary>When each such file was last written; a differencing disk knows its parent's time, in seconds since 2000.</summary>
    private static readonly DateTime WrittenUtc = new(2009, 10, 22, 0, 0, 0, DateTimeKind.Utc);

    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const int SectorSize = 512;
    private const int FooterLength = 512;
    private const int HeaderLength = 1024;

    /// <summary>
    /// Four letters for the program that created it: "vpc " Virtual PC, "win " Windows, "vbox" VirtualBox, "d2v " Disk2vhd, "tap\0" Xen.
    /// </summary>
    public string Creator { get; init; } = "vpc ";

    /// <summary>Cylinders, heads and sectors of a track, whatever the size.</summary>
    public (int Cylinders, int Heads, int Sectors) Geometry { get; init; } = (520, 16, 63);

    /// <summary>Bytes of a block.</summary>
    public int BlockSize { get; init; } = 2 << 20;

    /// <summary>The blocks that are in the file.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [];

    /// <summary>Whether a sector of a block in the file counts.</summary>
    public Func<long, bool> IsOwn { get; init; } = _ => true;

    /// <summary>Whether the header and the block table follow the blocks.</summary>
    public bool HasTableLast { get; init; }

    /// <summary>Whether it is the content with a footer behind it; then all sectors count.</summary>
    public bool IsFixed { get; init; }

    /// <summary>What the sectors hold, besides their places.</summary>
    public byte Seed { get; init; } = 1;

    /// <summary>Its unique id.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The disk below; null when there is none.</summary>
    public ForeignDisk? Parent { get; init; }

    /// <summary>The parent's file name in the header.</summary>
    public string ParentName { get; init; } = "";

    /// <summary>The places of the parent: four letters (W2ru, W2ku, MacX), and the path.</summary>
    public IReadOnlyList<(string Platform, string Path)> ParentPlaces { get; init; } = [];

    /// <summary>The size in bytes.</summary>
    public long Size => size;

    /// <summary>What a guest must see of a part of the disk.</summary>
    /// <param name="offset">Where it begins, in whole sectors.</param>
    /// <param name="length">Its bytes, whole sectors.</param>
    public byte[] Expect(long offset, int length)
    {
        byte[] content = new byte[length];
        for (int at = 0; at < length; at += SectorSize)
        {
            Expect((offset + at) / SectorSize, content.AsSpan(at, SectorSize));
        }

        return content;
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Its full path.</param>
    public void Write(string path)
    {
        using (FileStream file = File.Create(path))
        {
            Write(file);
        }

        File.SetLastWriteTimeUtc(path, WrittenUtc);
    }

    private void Write(FileStream file)
    {
        if (IsFixed)
        {
            WriteBlock(file, 0, checked((int)size));
            file.Write(Footer(headerOffset: -1));
            return;
        }

        int count = (int)((size + BlockSize - 1) / BlockSize);
        int tableLength = RoundUp(count * sizeof(uint));
        List<byte[]> places = [.. ParentPlaces.Select(place => Encode(place.Platform, place.Path))];
        int placesLength = places.Sum(place => RoundUp(place.Length));
        int blockLength = RoundUp(BlockSize / SectorSize / 8) + BlockSize;
        long blocksOffset = HasTableLast ? FooterLength : FooterLength + HeaderLength + tableLength + placesLength;
        long headerOffset = HasTableLast ? blocksOffset + ((long)Blocks.Count * blockLength) : FooterLength;
        long tableOffset = headerOffset + HeaderLength;

        byte[] table = new byte[tableLength];
        table.AsSpan().Fill(0xFF);
        for (int i = 0; i < Blocks.Count; i++)
        {
            long place = blocksOffset + ((long)i * blockLength);
            BinaryPrimitives.WriteUInt32BigEndian(table.AsSpan(Blocks[i] * sizeof(uint)), (uint)(place / SectorSize));
            file.Position = place;
            WriteBitmap(file, Blocks[i]);
            WriteBlock(file, (long)Blocks[i] * BlockSize, BlockSize);
        }

        file.Position = headerOffset;
        file.Write(Header(tableOffset, count, tableOffset + tableLength, places));
        file.Write(table);
        foreach (byte[] place in places)
        {
            file.Write(place);
            file.Position += RoundUp(place.Length) - place.Length;
        }

        byte[] footer = Footer(headerOffset);
        file.Position = Math.Max(file.Position, file.Length);
        file.Write(footer);
        file.Position = 0;
        file.Write(footer);
    }

    private static int RoundUp(int length) => (length + SectorSize - 1) / SectorSize * SectorSize;

    private static byte[] Encode(string platform, string path) =>
        platform == "MacX" ? Encoding.UTF8.GetBytes(path) : Encoding.Unicode.GetBytes(path);

    private static void Seal(byte[] structure, int checksumOffset)
    {
        uint sum = 0;
        foreach (byte value in structure)
        {
            sum += value;
        }

        BinaryPrimitives.WriteUInt32BigEndian(structure.AsSpan(checksumOffset), ~sum);
    }

    private void Expect(long sector, Span<byte> content)
    {
        bool isOwn = IsFixed || (Blocks.Contains((int)(sector * SectorSize / BlockSize)) && IsOwn(sector));
        if (isOwn)
        {
            Fill(sector, content);
        }
        else if (Parent is not null && sector * SectorSize < Parent.Size)
        {
            Parent.Expect(sector, content);
        }
        else
        {
            content.Clear();
        }
    }

    /// <summary>Never zeros, and no two neighbours alike.</summary>
    private void Fill(long sector, Span<byte> content) => content.Fill((byte)(1 + ((sector + (Seed * 17)) % 251)));

    private void WriteBlock(FileStream file, long offset, int length)
    {
        byte[] data = new byte[length];
        for (int at = 0; at < length; at += SectorSize)
        {
            Fill((offset + at) / SectorSize, data.AsSpan(at, SectorSize));
        }

        file.Write(data);
    }

    private void WriteBitmap(FileStream file, int block)
    {
        byte[] bitmap = new byte[RoundUp(BlockSize / SectorSize / 8)];
        for (int sector = 0; sector < BlockSize / SectorSize; sector++)
        {
            if (IsOwn(((long)block * BlockSize / SectorSize) + sector))
            {
                bitmap[sector / 8] |= (byte)(0x80 >> (sector % 8));
            }
        }

        file.Write(bitmap);
    }

    private byte[] Footer(long headerOffset)
    {
        byte[] footer = new byte[FooterLength];
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x00010000);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(16), headerOffset);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(24), 0x0F000000);
        Encoding.ASCII.GetBytes(Creator).CopyTo(footer.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(32), 0x00050003);
        "Wi2k"u8.CopyTo(footer.AsSpan(36));
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), size);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), size);
        BinaryPrimitives.WriteUInt16BigEndian(footer.AsSpan(56), (ushort)Geometry.Cylinders);
        footer[58] = (byte)Geometry.Heads;
        footer[59] = (byte)Geometry.Sectors;
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), IsFixed ? 2u : Parent is null ? 3u : 4u);
        Id.TryWriteBytes(footer.AsSpan(68), bigEndian: true, out _);
        Seal(footer, 64);
        return footer;
    }

    private byte[] Header(long tableOffset, int count, long placesOffset, List<byte[]> places)
    {
        byte[] header = new byte[HeaderLength];
        "cxsparse"u8.CopyTo(header);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(8), -1);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), tableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), 0x00010000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(28), count);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(32), BlockSize);
        if (Parent is not null)
        {
            Parent.Id.TryWriteBytes(header.AsSpan(40), bigEndian: true, out _);
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(56), (uint)(WrittenUtc - Epoch).TotalSeconds);
            Encoding.BigEndianUnicode.GetBytes(ParentName).CopyTo(header.AsSpan(64));
            for (int i = 0; i < places.Count; i++)
            {
                Span<byte> entry = header.AsSpan(576 + (i * 24), 24);
                Encoding.ASCII.GetBytes(ParentPlaces[i].Platform).CopyTo(entry);
                BinaryPrimitives.WriteInt32BigEndian(entry[4..], RoundUp(places[i].Length));
                BinaryPrimitives.WriteInt32BigEndian(entry[8..], places[i].Length);
                BinaryPrimitives.WriteInt64BigEndian(entry[16..], placesOffset);
                placesOffset += RoundUp(places[i].Length);
            }
        }

        Seal(header, 36);
        return header;
    }
}
