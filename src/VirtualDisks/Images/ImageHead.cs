using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>What an image says of itself, read and checked: its footer and, in growing images, its header.</summary>
/// <param name="Footer">The footer.</param>
/// <param name="Header">The header; null in fixed images.</param>
/// <param name="FooterIsCopy">
/// Whether the footer at the end is missing, as it is after a crash while the image grew, and the copy at the beginning was taken.
/// </param>
internal sealed record ImageHead(DiskFooter Footer, SparseHeader? Header, bool FooterIsCopy)
{
    /// <summary>Reads and checks footer and header.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="VirtualDiskException">The file is foreign or damaged.</exception>
    public static ImageHead Read(IDiskFile file)
    {
        long length = file.Length;
        (DiskFooter footer, bool isCopy) = ReadFooter(file, length);
        if (footer.Kind is null)
        {
            throw new VirtualDiskException(
                VirtualDiskError.Unsupported,
                $"{file.Path} is a virtual hard disk of a kind that is no longer used. Convert it with the program that made it.");
        }

        if (footer.Size is <= 0 or > VirtualDiskLimits.MaximumSize || footer.Size % VirtualDiskLimits.SectorSize != 0)
        {
            throw Damaged(file, $"its footer says that the disk has {footer.Size:N0} bytes");
        }

        if (footer.Kind == VirtualDiskKind.FixedSize)
        {
            return length >= footer.Size + DiskFooter.OldLength
                ? new ImageHead(footer, null, FooterIsCopy: false)
                : throw Damaged(file, $"it has {length:N0} bytes, and the disk alone has {footer.Size:N0}");
        }

        return new ImageHead(footer, ReadHeader(file, footer, length), isCopy);
    }

    /// <summary>The error for a file that says what cannot be.</summary>
    /// <param name="file">The file.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static VirtualDiskException Damaged(IDiskFile file, string fault) =>
        new(VirtualDiskError.Damaged, $"The virtual hard disk {file.Path} is damaged: {fault}. Put a copy in its place.");

    private static (DiskFooter Footer, bool IsCopy) ReadFooter(IDiskFile file, long length)
    {
        byte[] bytes = new byte[DiskFooter.Length];
        if (length >= DiskFooter.Length)
        {
            file.Read(length - DiskFooter.Length, bytes);
            if (DiskFooter.TryRead(bytes) is { } footer)
            {
                return (footer, false);
            }

            // One byte later: the 511 bytes of an old program's footer.
            if (DiskFooter.TryRead(bytes.AsSpan(1)) is { } old)
            {
                return (old, false);
            }
        }

        bool tailIsFooter = bytes.AsSpan().StartsWith(DiskFooter.Cookie);
        if (length >= DiskFooter.Length)
        {
            file.Read(0, bytes);
            if (DiskFooter.TryRead(bytes) is { } copy && copy.Kind != VirtualDiskKind.FixedSize)
            {
                return (copy, true);
            }
        }

        throw tailIsFooter || bytes.AsSpan().StartsWith(DiskFooter.Cookie)
            ? Damaged(file, "neither its footer nor the copy at its beginning is whole")
            : new VirtualDiskException(
                VirtualDiskError.Foreign,
                $"{file.Path} is no virtual hard disk: it has no footer. Check the path; a cut file has lost its footer, too.");
    }

    private static SparseHeader ReadHeader(IDiskFile file, DiskFooter footer, long length)
    {
        if (footer.HeaderOffset < DiskFooter.Length || footer.HeaderOffset > length - SparseHeader.Length)
        {
            throw Damaged(file, $"its header would stand at {footer.HeaderOffset:N0}, outside the file");
        }

        byte[] bytes = new byte[SparseHeader.Length];
        file.Read(footer.HeaderOffset, bytes);
        SparseHeader header = SparseHeader.TryRead(bytes) ?? throw Damaged(file, "its header is not whole");
        uint blockSize = header.BlockSize;
        if (blockSize is < VirtualDiskLimits.MinimumBlockSize or > VirtualDiskLimits.MaximumBlockSize || !uint.IsPow2(blockSize))
        {
            throw Damaged(file, $"its blocks would have {blockSize:N0} bytes");
        }

        if ((long)header.TableEntries * blockSize < footer.Size || header.TableEntries > VirtualDiskLimits.MaximumTableEntries)
        {
            throw Damaged(
                file, $"its block table has {header.TableEntries:N0} entries, which cannot be for a disk of {footer.Size:N0} bytes");
        }

        long tableLength = (long)header.TableEntries * sizeof(uint);
        if (header.TableOffset < DiskFooter.Length || header.TableOffset > length - tableLength)
        {
            throw Damaged(file, $"its block table would stand at {header.TableOffset:N0}, outside the file");
        }

        return header;
    }
}
