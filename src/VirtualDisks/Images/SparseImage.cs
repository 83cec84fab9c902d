using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>
/// A growing image, dynamic or differencing. Its file is a copy of the footer, header, block table, then blocks as they came, then the
/// footer.
/// <para>
/// A crash at whatever moment leaves a readable image, because of the order in which things reach the disk: the data of blocks, new blocks
/// with their bitmaps, and the footer behind them first; then, after a flush, the bits and table entries that make them count. A new block
/// is written over the old footer, so an image that has lost its footer in a crash is read by the copy at its beginning.
/// </para>
/// </summary>
internal sealed class SparseImage : DiskImage
{
    private readonly BlockTable table;
    private readonly SectorBitmaps bitmaps;
    private readonly int blockSize;
    private readonly int bitmapLength;
    private readonly DiskImage? parent;
    private byte[]? newBlock;
    private long end;
    private bool footerIsMissing;

    /// <summary>Opens an image.</summary>
    /// <param name="file">The file; the image closes it.</param>
    /// <param name="head">What the file says of itself.</param>
    /// <param name="parent">The parent of a differencing image; the image closes it.</param>
    /// <exception cref="VirtualDiskException">The block table is damaged.</exception>
    public SparseImage(IDiskFile file, ImageHead head, DiskImage? parent)
        : base(file, head.Footer)
    {
        this.parent = parent;
        Header = head.Header!;
        blockSize = (int)Header.BlockSize;
        bitmapLength = SectorMath.BitmapLength(blockSize);
        table = BlockTable.Read(file, head, out long used);
        bitmaps = new SectorBitmaps(file, bitmapLength);

        // Behind a crash lie blocks that do not count; they are written over.
        end = head.FooterIsCopy ? SectorMath.RoundUp(used) : SectorMath.RoundUp(Math.Max(file.Length - DiskFooter.Length, used));
        footerIsMissing = head.FooterIsCopy;
    }

    /// <summary>The header.</summary>
    public SparseHeader Header { get; }

    /// <inheritdoc/>
    public override DiskImage? Parent => parent;

    /// <summary>Bytes of a block's data.</summary>
    public int BlockSize => blockSize;

    /// <summary>The blocks that are in the file.</summary>
    public IEnumerable<int> UsedBlocks => table.UsedBlocks.Where(block => (long)block * blockSize < Size);

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int block = (int)(offset / blockSize);
            int within = (int)(offset % blockSize);
            int length = Math.Min(buffer.Length, blockSize - within);
            ReadInBlock(block, within, offset, buffer[..length]);
            buffer = buffer[length..];
            offset += length;
        }
    }

    /// <inheritdoc/>
    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            int block = (int)(offset / blockSize);
            int within = (int)(offset % blockSize);
            int length = Math.Min(data.Length, blockSize - within);
            WriteInBlock(block, within, data[..length]);
            data = data[length..];
            offset += length;
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        if (footerIsMissing)
        {
            WriteFooter();
        }

        File.Flush();
        if (table.HasChanges || bitmaps.HasChanges)
        {
            bitmaps.WriteChanges();
            table.WriteChanges();
            File.Flush();
        }
    }

    /// <inheritdoc/>
    public override bool MayHoldData(long offset, long length)
    {
        int first = (int)(offset / blockSize);
        int last = (int)((offset + length - 1) / blockSize);
        for (int block = first; block <= last; block++)
        {
            if (table.IsUsed(block))
            {
                return true;
            }
        }

        return parent is not null && offset < parent.Size && parent.MayHoldData(offset, Math.Min(length, parent.Size - offset));
    }

    /// <summary>The parts of a block that are the image's own, and not its parent's.</summary>
    /// <param name="block">A block that is in the file.</param>
    /// <returns>Offset in the block and length, in bytes.</returns>
    public IEnumerable<(int Offset, int Length)> OwnParts(int block)
    {
        int sectors = (int)Math.Min(blockSize, Size - ((long)block * blockSize)) / VirtualDiskLimits.SectorSize;
        byte[] bitmap = [.. bitmaps.At(table.PlaceOf(block))];
        for (int sector = 0; sector < sectors;)
        {
            int run = SectorBitmaps.RunLength(bitmap, sector, sectors, out bool own);
            if (own)
            {
                yield return (sector * VirtualDiskLimits.SectorSize, run * VirtualDiskLimits.SectorSize);
            }

            sector += run;
        }
    }

    private void ReadInBlock(int block, int within, long offset, Span<byte> buffer)
    {
        if (!table.IsUsed(block))
        {
            ReadBelow(offset, buffer);
            return;
        }

        long place = table.PlaceOf(block);
        ReadOnlySpan<byte> bitmap = bitmaps.At(place);
        int sector = within / VirtualDiskLimits.SectorSize;
        int limit = sector + (buffer.Length / VirtualDiskLimits.SectorSize);
        while (sector < limit)
        {
            int run = SectorBitmaps.RunLength(bitmap, sector, limit, out bool own);
            int length = run * VirtualDiskLimits.SectorSize;
            if (own)
            {
                File.Read(place + bitmapLength + ((long)sector * VirtualDiskLimits.SectorSize), buffer[..length]);
            }
            else
            {
                ReadBelow(offset, buffer[..length]);
            }

            buffer = buffer[length..];
            offset += length;
            sector += run;
        }
    }

    private void ReadBelow(long offset, Span<byte> buffer)
    {
        // A parent may be smaller; beyond its end there are zeros.
        int inParent = parent is null ? 0 : (int)Math.Clamp(parent.Size - offset, 0, buffer.Length);
        if (inParent > 0)
        {
            parent!.Read(offset, buffer[..inParent]);
        }

        buffer[inParent..].Clear();
    }

    private void WriteInBlock(int block, int within, ReadOnlySpan<byte> data)
    {
        if (!table.IsUsed(block))
        {
            if (parent is not null || data.ContainsAnyExcept((byte)0))
            {
                AddBlock(block, within, data);
            }

            return;
        }

        long place = table.PlaceOf(block);
        File.Write(place + bitmapLength + within, data);
        bitmaps.Mark(place, within / VirtualDiskLimits.SectorSize, data.Length / VirtualDiskLimits.SectorSize);
        if (bitmaps.IsFull)
        {
            Flush();
        }
    }

    private void WriteFooter()
    {
        try
        {
            File.Write(end, Footer.Bytes);
            footerIsMissing = false;
        }
        catch (VirtualDiskException e) when (e.Error == VirtualDiskError.DiskFull)
        {
            // The image is read by the copy at its beginning until there is room. The content must not be lost for want of a few bytes.
        }
    }

    private void AddBlock(int block, int within, ReadOnlySpan<byte> data)
    {
        footerIsMissing = true;
        try
        {
            WriteBlock(block, within, data);
        }
        catch (VirtualDiskException e) when (e.Error == VirtualDiskError.DiskFull)
        {
            // The part of the block for which there was room belongs to nothing.
            File.Cut(end);
            throw;
        }
    }

    private void WriteBlock(int block, int within, ReadOnlySpan<byte> data)
    {
        if (data.Length == blockSize)
        {
            // Nothing of the block is anybody else's: no need to put it together first.
            byte[] bitmap = new byte[bitmapLength];
            bitmap.AsSpan().Fill(0xFF);
            File.Write(end, bitmap);
            File.Write(end + bitmapLength, data);
            table.Add(block, end);
            end += bitmapLength + blockSize;
            return;
        }

        newBlock ??= new byte[bitmapLength + blockSize];
        Span<byte> bytes = newBlock;
        bytes.Clear();
        if (parent is null)
        {
            bytes[..bitmapLength].Fill(0xFF);
        }
        else
        {
            SectorBitmaps.Set(bytes, within / VirtualDiskLimits.SectorSize, data.Length / VirtualDiskLimits.SectorSize);
        }

        data.CopyTo(bytes[(bitmapLength + within)..]);
        File.Write(end, bytes);
        table.Add(block, end);
        end += bytes.Length;
    }
}
