using System.Buffers.Binary;

namespace VpcComApi.VirtualDisks.Format;

/// <summary>
/// The footer of an image: its last 512 bytes, and in growing images also its first. Numbers are big-endian. What is not known here
/// survives a rewrite.
/// </summary>
/// <remarks>Virtual Hard Disk Image Format Specification, version 1.0, "Hard Disk Footer Format".</remarks>
internal sealed class DiskFooter
{
    /// <summary>Bytes of a footer.</summary>
    public const int Length = 512;

    /// <summary>Bytes of a footer that programs before Virtual PC 2004 wrote.</summary>
    public const int OldLength = 511;

    /// <summary>The data offset of a fixed image, which has no header.</summary>
    public const long NoHeader = -1;

    /// <summary>
    /// Who wrote the image. QEMU and others take an image's size from its geometry, which cannot express every size, when Virtual PC's own
    /// "vpc " stands here, and from the size field when it is "win " (https://gitlab.com/qemu-project/qemu/-/blob/master/block/vpc.c).
    /// </summary>
    private const uint CreatorApplication = 0x77696E20;

    private const uint OwnVersion = 0x0006_0001;
    private const uint OwnHost = 0x5769326B;
    private const uint FormatVersion = 0x0001_0000;
    private const uint ReservedFeature = 2;

    private const int FeaturesOffset = 8;
    private const int VersionOffset = 12;
    private const int DataOffset = 16;
    private const int CreatedOffset = 24;
    private const int CreatorOffset = 28;
    private const int CreatorVersionOffset = 32;
    private const int CreatorHostOffset = 36;
    private const int OriginalSizeOffset = 40;
    private const int SizeOffset = 48;
    private const int GeometryOffset = 56;
    private const int KindOffset = 60;
    private const int ChecksumOffset = 64;
    private const int UniqueIdOffset = 68;

    private readonly byte[] raw;

    private DiskFooter(byte[] raw) => this.raw = raw;

    /// <summary>What every footer begins with.</summary>
    public static ReadOnlySpan<byte> Cookie => "conectix"u8;

    /// <summary>The footer's bytes.</summary>
    public ReadOnlySpan<byte> Bytes => raw;

    /// <summary>Where the header stands; <see cref="NoHeader"/> in a fixed image.</summary>
    public long HeaderOffset => BinaryPrimitives.ReadInt64BigEndian(raw.AsSpan(DataOffset));

    /// <summary>When the image was made.</summary>
    public DateTime CreatedUtc => DiskTimeStamp.ToUtc(BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(CreatedOffset)));

    /// <summary>The program that made the image, in up to four printable characters.</summary>
    public string Creator => Text(CreatorOffset);

    /// <summary>Its version.</summary>
    public Version CreatorVersion => new(
        BinaryPrimitives.ReadUInt16BigEndian(
            raw.AsSpan(CreatorVersionOffset)), BinaryPrimitives.ReadUInt16BigEndian(raw.AsSpan(CreatorVersionOffset + 2)));

    /// <summary>The system that it ran on, in up to four printable characters: "Wi2k" for Windows, "Mac" for the Macintosh.</summary>
    public string CreatorHost => Text(CreatorHostOffset);

    /// <summary>The disk's size in bytes.</summary>
    public long Size => BinaryPrimitives.ReadInt64BigEndian(raw.AsSpan(SizeOffset));

    /// <summary>The geometry as it stands in the footer.</summary>
    public DiskGeometry Geometry => new(
        BinaryPrimitives.ReadUInt16BigEndian(raw.AsSpan(GeometryOffset)), raw[GeometryOffset + 2], raw[GeometryOffset + 3]);

    /// <summary>How the content is kept; null when it is a way that the specification reserves and no longer describes.</summary>
    public VirtualDiskKind? Kind => BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(KindOffset)) switch
    {
        2 => VirtualDiskKind.FixedSize,
        3 => VirtualDiskKind.Dynamic,
        4 => VirtualDiskKind.Differencing,
        _ => null,
    };

    /// <summary>Identifies the image; a differencing image knows its parent by it.</summary>
    public Guid UniqueId => new(raw.AsSpan(UniqueIdOffset, 16), bigEndian: true);

    /// <summary>Makes the footer of a new image.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="size">The disk's size in bytes.</param>
    /// <param name="headerOffset">Where the header stands, or <see cref="NoHeader"/>.</param>
    public static DiskFooter Create(VirtualDiskKind kind, long size, long headerOffset)
    {
        byte[] bytes = new byte[Length];
        Span<byte> span = bytes;
        DiskGeometry geometry = DiskGeometry.Of(size);
        Cookie.CopyTo(span);
        BinaryPrimitives.WriteUInt32BigEndian(span[FeaturesOffset..], ReservedFeature);
        BinaryPrimitives.WriteUInt32BigEndian(span[VersionOffset..], FormatVersion);
        BinaryPrimitives.WriteInt64BigEndian(span[DataOffset..], headerOffset);
#pragma warning disable RS0030 // The footer has the time at which the image was made, in whole seconds; nothing waits for it.
        BinaryPrimitives.WriteUInt32BigEndian(span[CreatedOffset..], DiskTimeStamp.Of(DateTime.UtcNow));
#pragma warning restore RS0030
        BinaryPrimitives.WriteUInt32BigEndian(span[CreatorOffset..], CreatorApplication);
        BinaryPrimitives.WriteUInt32BigEndian(span[CreatorVersionOffset..], OwnVersion);
        BinaryPrimitives.WriteUInt32BigEndian(span[CreatorHostOffset..], OwnHost);
        BinaryPrimitives.WriteInt64BigEndian(span[OriginalSizeOffset..], size);
        BinaryPrimitives.WriteInt64BigEndian(span[SizeOffset..], size);
        BinaryPrimitives.WriteUInt16BigEndian(span[GeometryOffset..], (ushort)geometry.Cylinders);
        span[GeometryOffset + 2] = (byte)geometry.Heads;
        span[GeometryOffset + 3] = (byte)geometry.SectorsPerTrack;
        BinaryPrimitives.WriteUInt32BigEndian(span[KindOffset..], kind switch
        {
            VirtualDiskKind.FixedSize => 2,
            VirtualDiskKind.Dynamic => 3,
            _ => 4,
        });
        Guid.NewGuid().TryWriteBytes(span[UniqueIdOffset..], bigEndian: true, out _);
        return Sealed(bytes);
    }

    /// <summary>Reads a footer.</summary>
    /// <param name="bytes">511 or 512 bytes.</param>
    /// <returns>Null when there is no whole, valid footer in the bytes.</returns>
    public static DiskFooter? TryRead(ReadOnlySpan<byte> bytes)
    {
        byte[] raw = new byte[Length];
        bytes[..Math.Min(bytes.Length, Length)].CopyTo(raw);
        return bytes.StartsWith(Cookie)
            && BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(ChecksumOffset)) == Checksum.Of(raw, ChecksumOffset)
            && BinaryPrimitives.ReadUInt32BigEndian(raw.AsSpan(VersionOffset)) >> 16 == FormatVersion >> 16
                ? new DiskFooter(raw)
                : null;
    }

    /// <summary>The same footer for a header that stands elsewhere.</summary>
    /// <param name="headerOffset">Where.</param>
    public DiskFooter WithHeaderAt(long headerOffset)
    {
        byte[] bytes = [.. raw];
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(DataOffset), headerOffset);
        return Sealed(bytes);
    }

    /// <summary>Four characters of the footer. A file from elsewhere has anything there.</summary>
    private string Text(int offset) =>
        string.Concat(raw.AsSpan(offset, sizeof(uint)).ToArray().Select(value => value is > 0x20 and < 0x7F ? (char)value : ' ')).Trim();

    private static DiskFooter Sealed(byte[] bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChecksumOffset), Checksum.Of(bytes, ChecksumOffset));
        return new DiskFooter(bytes);
    }
}
