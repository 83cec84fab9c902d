using System.Buffers;
using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// Writes what a disk shows, with all the images below it, into one new image: conversion of an image's kind, and merging a chain into a
/// new image. The images read stay as they are; an operation that is cancelled, fails or crashes leaves no new image.
/// </summary>
public static class DiskCopy
{
    private const long ReportAtLeastEvery = 1L << 30;

    /// <summary>Copies a disk's content into a new image.</summary>
    /// <param name="sourcePath">The image to read.</param>
    /// <param name="newPath">The new file; its folder exists.</param>
    /// <param name="kind">Dynamic or fixed.</param>
    /// <param name="progress">Hears percentages.</param>
    /// <param name="cancellationToken">Gives the new image up.</param>
    /// <exception cref="VirtualDiskException">The source is unusable or in use, the name is taken, or there is no room.</exception>
    public static void ToNewImage(
        string sourcePath, string newPath, VirtualDiskKind kind, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        if (kind is not (VirtualDiskKind.Dynamic or VirtualDiskKind.FixedSize))
        {
            throw new VirtualDiskException(
                VirtualDiskError.WrongKind, $"{newPath} cannot become a differencing disk by copying. Make it dynamic or fixed.");
        }

        using DiskImage source = DiskChain.OfFiles.Open(Path.GetFullPath(sourcePath), writable: false);
        using NewDiskFile created = NewDiskFile.Begin(Path.GetFullPath(newPath));
        OperationProgress done = new(source.Size, progress, cancellationToken);
        if (kind == VirtualDiskKind.FixedSize)
        {
            WriteFixed(source, created.File, done);
        }
        else
        {
            SparseImageWriter writer = new(created.File, VirtualDiskKind.Dynamic, source.Size);
            WriteBlocks(source, writer, done);
        }

        created.Commit();
    }

    /// <summary>Writes the blocks of a disk that hold anything but zeros.</summary>
    /// <param name="source">The disk.</param>
    /// <param name="writer">The new image.</param>
    /// <param name="done">Progress by the disk's size.</param>
    internal static void WriteBlocks(DiskImage source, SparseImageWriter writer, OperationProgress done)
    {
        ReadAhead.Run(ReadBlocks(source), piece =>
        {
            if (piece.Buffer is not null)
            {
                writer.Add((int)(piece.Offset / VirtualDiskLimits.BlockSize), piece.Buffer.AsSpan(0, SparseImageWriter.BlockLength));
                ArrayPool<byte>.Shared.Return(piece.Buffer);
            }

            done.Advance(piece.Done);
        });
        writer.Finish();
    }

    /// <summary>Reads the blocks that hold anything but zeros, each behind the room for its bitmap.</summary>
    private static IEnumerable<DiskPiece> ReadBlocks(DiskImage source)
    {
        long passed = 0;
        for (long offset = 0; offset < source.Size; offset += VirtualDiskLimits.BlockSize)
        {
            int length = (int)Math.Min(VirtualDiskLimits.BlockSize, source.Size - offset);
            passed += length;
            if (source.MayHoldData(offset, length))
            {
                byte[] block = ArrayPool<byte>.Shared.Rent(SparseImageWriter.BlockLength);
                if (ReadBlock(source, offset, length, block))
                {
                    yield return new DiskPiece(offset, block, length, passed);
                    passed = 0;
                    continue;
                }

                ArrayPool<byte>.Shared.Return(block);
            }

            // A large disk of zeros must be heard of, and can be cancelled, too.
            if (passed >= ReportAtLeastEvery)
            {
                yield return new DiskPiece(offset, null, 0, passed);
                passed = 0;
            }
        }

        yield return new DiskPiece(source.Size, null, 0, passed);
    }

    private static bool ReadBlock(DiskImage source, long offset, int length, byte[] block)
    {
        Span<byte> data = block.AsSpan(SparseImageWriter.BitmapLength, VirtualDiskLimits.BlockSize);
        source.Read(offset, data[..length]);
        data[length..].Clear();
        return data.ContainsAnyExcept((byte)0);
    }

    private static IEnumerable<DiskPiece> ReadAll(DiskImage source)
    {
        for (long offset = 0; offset < source.Size; offset += VirtualDiskLimits.BlockSize)
        {
            int length = (int)Math.Min(VirtualDiskLimits.BlockSize, source.Size - offset);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
            source.Read(offset, buffer.AsSpan(0, length));
            yield return new DiskPiece(offset, buffer, length, length);
        }
    }

    private static void WriteFixed(DiskImage source, IDiskFile file, OperationProgress done)
    {
        ReadAhead.Run(ReadAll(source), piece =>
        {
            file.Write(piece.Offset, piece.Buffer.AsSpan(0, piece.Length));
            ArrayPool<byte>.Shared.Return(piece.Buffer!);
            done.Advance(piece.Done);
        });

        file.Write(source.Size, DiskFooter.Create(VirtualDiskKind.FixedSize, source.Size, DiskFooter.NoHeader).Bytes);
    }
}
