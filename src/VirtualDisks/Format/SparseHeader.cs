using System.Buffers.Binary;
using System.Text;

namespace VpcComApi.VirtualDisks.Format;

/// <summary>The header of a growing image: where its block table stands, and which image is its parent. Numbers are big-endian.</summary>
/// <remarks>Virtual Hard Disk Image Format Specification, version 1.0, "Dynamic Disk Header Format".</remarks>
internal sealed class SparseHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Length = 1024;

    /// <summary>Parent locators of a header.</summary>
    public const int LocatorCount = 8;

    private const uint FormatVersion = 0x0001_0000;

    private const int DataOffset = 8;
    private const int TableOffsetOffset = 16;
    private const int VersionOffset = 24;
    private const int TableEntriesOffset = 28;
    private const int BlockSizeOffset = 32;
    private const int ChecksumOffset = 36;
    private const int ParentIdOffset = 40;
    private const int ParentStampOffset = 56;
    private const int ParentNameOffset = 64;
    private const int ParentNameLength = 512;
    private const int LocatorsOffset = 576;
    private const int LocatorLength = 24;

    private readonly byte[] raw;

    private SparseHeader(byte[] raw) => this.raw = raw;

    /// <summary>The header's bytes.</summary>
    public ReadOnlySpan<byte> Bytes => raw;

    /// <summary>Where the block table stands.</summary>
    public long TableOffset => BinaryPrimitives.ReadInt64BigEndian(raw.AsSpan(TableOffsetOffset));

    /// <summary>The block table's entries.</summary>
    public uint TableEntries => BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(TableEntriesOffset));

    /// <summary>Bytes of a block's data.</summary>
    public uint BlockSize => BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(BlockSizeOffset));

    /// <summary>The parent's unique id.</summary>
    public Guid ParentId => new(raw.AsSpan(ParentIdOffset, 16), bigEndian: true);

    /// <summary>The parent file's time of last change, when the image was linked to it.</summary>
    public uint ParentTimeStamp => BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(ParentStampOffset));

    /// <summary>The parent's file name, or its path.</summary>
    public string ParentName
    {
        get
        {
            string text = Encoding.BigEndianUnicode.GetString(raw, ParentNameOffset, ParentNameLength);
            int end = text.IndexOf('\0', StringComparison.Ordinal);
            return end < 0 ? text : text[..end];
        }
    }

    /// <summary>The locators that are in use.</summary>
    public IEnumerable<ParentLocator> Locators
    {
        get
        {
            for (int i = 0; i < LocatorCount; i++)
            {
                ReadOnlySpan<byte> entry = raw.AsSpan(LocatorsOffset + (i * LocatorLength), LocatorLength);
                uint platform = BinaryPrimitives.ReadUInt32BigEndian(entry);
                if (platform != 0)
                {
                    yield return new ParentLocator(
                        platform, BinaryPrimitives.ReadInt32BigEndian(entry[8..]), BinaryPrimitives.ReadInt64BigEndian(entry[16..]));
                }
            }
        }
    }

    /// <summary>Makes the header of a new image without a parent.</summary>
    /// <param name="tableOffset">Where the block table stands.</param>
    /// <param name="tableEntries">Its entries.</param>
    public static SparseHeader Create(long tableOffset, int tableEntries)
    {
        byte[] bytes = new byte[Length];
        Span<byte> span = bytes;
        "cxsparse"u8.CopyTo(span);
        BinaryPrimitives.WriteInt64BigEndian(span[DataOffset..], -1);
        BinaryPrimitives.WriteInt64BigEndian(span[TableOffsetOffset..], tableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(span[VersionOffset..], FormatVersion);
        BinaryPrimitives.WriteInt32BigEndian(span[TableEntriesOffset..], tableEntries);
        BinaryPrimitives.WriteInt32BigEndian(span[BlockSizeOffset..], VirtualDiskLimits.BlockSize);
        return Sealed(bytes);
    }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">1024 bytes.</param>
    /// <returns>Null when the bytes are no whole, valid header.</returns>
    public static SparseHeader? TryRead(byte[] bytes) =>
        bytes.AsSpan().StartsWith("cxsparse"u8)
        && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(ChecksumOffset)) == Checksum.Of(bytes, ChecksumOffset)
        && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(VersionOffset)) >> 16 == FormatVersion >> 16
            ? new SparseHeader(bytes)
            : null;

    /// <summary>The same header with a link to a parent.</summary>
    /// <param name="parentId">The parent's unique id.</param>
    /// <param name="parentTimeStamp">The parent file's time of last change.</param>
    /// <param name="parentName">The parent's file name.</param>
    /// <param name="locators">Where the parent's paths stand.</param>
    public SparseHeader WithParent(Guid parentId, uint parentTimeStamp, string parentName, IReadOnlyList<ParentLocator> locators)
    {
        byte[] bytes = [.. raw];
        Span<byte> span = bytes;
        parentId.TryWriteBytes(span[ParentIdOffset..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(span[ParentStampOffset..], parentTimeStamp);
        Span<byte> name = span.Slice(ParentNameOffset, ParentNameLength);
        name.Clear();
        ReadOnlySpan<char> shortened = parentName.AsSpan(0, Math.Min(parentName.Length, (ParentNameLength / 2) - 1));
        Encoding.BigEndianUnicode.GetBytes(shortened, name);
        span.Slice(LocatorsOffset, LocatorCount * LocatorLength).Clear();
        for (int i = 0; i < locators.Count; i++)
        {
            Span<byte> entry = span.Slice(LocatorsOffset + (i * LocatorLength), LocatorLength);
            BinaryPrimitives.WriteUInt32BigEndian(entry, locators[i].Platform);

            // In bytes, as every known program has it; the specification says sectors.
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], SectorMath.RoundUp(locators[i].Length));
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], locators[i].Length);
            BinaryPrimitives.WriteInt64BigEndian(entry[16..], locators[i].Offset);
        }

        return Sealed(bytes);
    }

    /// <summary>The same header with another time of the parent's last change. Only the first of its two sectors differs.</summary>
    /// <param name="parentTimeStamp">The time.</param>
    public SparseHeader WithParentTimeStamp(uint parentTimeStamp)
    {
        byte[] bytes = [.. raw];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ParentStampOffset), parentTimeStamp);
        return Sealed(bytes);
    }

    private static SparseHeader Sealed(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChecksumOffset), Checksum.Of(bytes, ChecksumOffset));
        return new SparseHeader(bytes);
    }
}
