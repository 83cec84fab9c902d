using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>
/// Writes a growing image from beginning to end into an empty file. Header and table come last, so a file that is not whole is no image.
/// </summary>
internal sealed class SparseImageWriter
{
    private const long HeaderOffset = DiskFooter.Length;
    private const long TableOffset = HeaderOffset + SparseHeader.Length;

    private readonly IDiskFile file;
    private readonly DiskFooter footer;
    private readonly SparseHeader header;
    private readonly uint[] entries;
    private long end;

    /// <summary>Begins an image.</summary>
    /// <param name="file">The empty file.</param>
    /// <param name="kind">Dynamic or differencing.</param>
    /// <param name="size">The disk's size in bytes.</param>
    /// <param name="parent">The parent of a differencing image.</param>
    public SparseImageWriter(IDiskFile file, VirtualDiskKind kind, long size, ParentLink? parent = null)
        : this(file, DiskFooter.Create(kind, size, HeaderOffset), parent)
    {
    }

    /// <summary>Begins an image that is to take another's place.</summary>
    /// <param name="file">The empty file.</param>
    /// <param name="like">The footer of the other: its id, times and maker are kept.</param>
    public SparseImageWriter(IDiskFile file, DiskFooter like)
        : this(file, like.WithHeaderAt(HeaderOffset), parent: null)
    {
    }

    private SparseImageWriter(IDiskFile file, DiskFooter footer, ParentLink? parent)
    {
        this.file = file;
        this.footer = footer;
        entries = new uint[(footer.Size + VirtualDiskLimits.BlockSize - 1) / VirtualDiskLimits.BlockSize];
        Array.Fill(entries, uint.MaxValue);
        end = TableOffset + SectorMath.RoundUp((long)entries.Length * sizeof(uint));
        header = SparseHeader.Create(TableOffset, entries.Length);
        if (parent is not null)
        {
            header = parent.WriteInto(header, file, ref end);
        }
    }

    /// <summary>Bytes of the bitmap that stands before each block.</summary>
    public static int BitmapLength { get; } = SectorMath.BitmapLength(VirtualDiskLimits.BlockSize);

    /// <summary>Bytes of a block with its bitmap.</summary>
    public static int BlockLength => BitmapLength + VirtualDiskLimits.BlockSize;

    /// <summary>Adds a block.</summary>
    /// <param name="number">Its number; each comes once.</param>
    /// <param name="block">Room for the bitmap, then the data.</param>
    public void Add(int number, Span<byte> block)
    {
        block[..BitmapLength].Fill(0xFF);
        file.Write(end, block);
        entries[number] = checked((uint)(end / VirtualDiskLimits.SectorSize));
        end += block.Length;
    }

    /// <summary>Writes what makes the blocks an image.</summary>
    public void Finish()
    {
        byte[] table = new byte[SectorMath.RoundUp((long)entries.Length * sizeof(uint))];
        table.AsSpan().Fill(0xFF);
        if (BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(entries, MemoryMarshal.Cast<byte, uint>(table.AsSpan())[..entries.Length]);
        }
        else
        {
            MemoryMarshal.AsBytes(entries.AsSpan()).CopyTo(table);
        }

        file.Write(end, footer.Bytes);
        file.Write(TableOffset, table);
        file.Write(HeaderOffset, header.Bytes);
        file.Write(0, footer.Bytes);
    }
}
