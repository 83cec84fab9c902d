using System.Buffers;
using System.IO.Hashing;
using System.Text.Json;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.SavedState;

/// <summary>
/// The file of a saved QEMU machine: a line of JSON (<see cref="QemuStateHeader"/>), QEMU's migration stream, and at the end the stream's
/// length and its XXH3 hash, 8 bytes each, little-endian. A truncated or changed file is detected before QEMU reads a byte of it. The file
/// is untrusted when it is read.
/// </summary>
internal static class QemuStateFile
{
    private const int MaxHeaderLength = 4096;
    private const int TrailerLength = 16;
    private const int BlockSize = 1024 * 1024;

    /// <summary>Writes a state. The file is written completely or not at all.</summary>
    /// <param name="path">The full path; an existing file is replaced.</param>
    /// <param name="header">The header of the file.</param>
    /// <param name="stream">QEMU's migration stream, to its end.</param>
    /// <param name="isComplete">Called at the stream's end: returns whether QEMU reports that the stream is complete. If not, no file is
    /// left.</param>
    /// <param name="cancellationToken">Gives up; no file is left.</param>
    /// <exception cref="VirtualMachineException">The file could not be written.</exception>
    public static async Task WriteAsync(
        string path, QemuStateHeader header, Stream stream, Func<Task> isComplete, CancellationToken cancellationToken)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        byte[] firstLine = [.. JsonSerializer.SerializeToUtf8Bytes(header, QemuStateJson.Default.QemuStateHeader), (byte)'\n'];
        if (firstLine.Length > MaxHeaderLength)
        {
            throw new VirtualMachineException(
                VirtualMachineError.Unexpected,
                $"The saved state {path} is not written: its header has {firstLine.Length:N0} bytes,"
                + $" and {MaxHeaderLength:N0} can be read.");
        }

        try
        {
            await using (FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                await file.WriteAsync(firstLine, cancellationToken);
                await CopyAsync(stream, file, cancellationToken);
                await isComplete();
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e)
        {
            Delete(unfinished);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new VirtualMachineException(
                    SavedStateErrors.OfWriting(e), $"The saved state could not be written to {path}: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>Opens a state and checks all of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configurationId">The machine that it must belong to.</param>
    /// <param name="memoryMegabytes">The memory that the machine must have.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The migration stream, which the caller disposes, and the header.</returns>
    /// <exception cref="VirtualMachineException">The file is missing, damaged, of another version or of another machine.</exception>
    public static async Task<(Stream Stream, QemuStateHeader Header)> OpenAsync(
        string path, Guid configurationId, int memoryMegabytes, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = RegularFile.Open(
                path, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan | FileOptions.Asynchronous);
            try
            {
                (QemuStateHeader header, long start, long length) =
                    await CheckAsync(file, path, configurationId, memoryMegabytes, cancellationToken);
                file.Position = start;
                return (new FilePart(file, length), header);
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.SavedStateUnreadable,
                $"The saved state {path} cannot be restored: {e.Message}. Discard it and start the machine again.",
                e);
        }
    }

    private static async Task<(QemuStateHeader Header, long Start, long Length)> CheckAsync(
        FileStream file, string path, Guid configurationId, int memoryMegabytes, CancellationToken cancellationToken)
    {
        byte[] beginning = new byte[MaxHeaderLength];
        int read = await file.ReadAtLeastAsync(beginning, MaxHeaderLength, throwOnEndOfStream: false, cancellationToken);
        int headerLength = beginning.AsSpan(0, read).IndexOf((byte)'\n');
        QemuStateHeader? header = headerLength < 0
            ? null
            : JsonSerializer.Deserialize(beginning.AsSpan(0, headerLength), QemuStateJson.Default.QemuStateHeader);
        if (header?.Format != QemuStateHeader.FormatName)
        {
            throw new InvalidDataException("it is not a saved state of a QEMU machine");
        }

        string? misfit = header.Version != QemuStateHeader.CurrentVersion
                ? $"it has version {header.Version}, and only version {QemuStateHeader.CurrentVersion} can be restored"
            : header.ConfigurationId != configurationId ? $"it belongs to the machine {header.ConfigurationId:B}"
            : header.MemoryMegabytes != memoryMegabytes
                ? $"it was saved with {header.MemoryMegabytes} MB of memory, and the machine has {memoryMegabytes} MB"
            : null;
        if (misfit is not null)
        {
            throw new VirtualMachineException(
                VirtualMachineError.SavedStateBadVersion,
                $"The saved state {path} cannot be restored: {misfit}. Discard it and start the machine again.");
        }

        long start = headerLength + 1;
        long length = file.Length - start - TrailerLength;
        if (length < 0)
        {
            throw new InvalidDataException("it is truncated");
        }

        byte[] trailer = new byte[TrailerLength];
        file.Position = start + length;
        await file.ReadExactlyAsync(trailer, cancellationToken);
        if (BitConverter.ToInt64(trailer) != length)
        {
            throw new InvalidDataException("it is truncated");
        }

        file.Position = start;
        ulong hash = await CopyAsync(new FilePart(file, length), Stream.Null, cancellationToken);
        return BitConverter.ToUInt64(trailer, sizeof(long)) == hash
            ? (header, start, length)
            : throw new InvalidDataException("it was changed");
    }

    /// <summary>Copies a stream and, to a file, appends the trailer.</summary>
    /// <returns>The stream's hash.</returns>
    private static async Task<ulong> CopyAsync(Stream stream, Stream target, CancellationToken cancellationToken)
    {
        XxHash3 hash = new();
        long length = 0;
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            while (await stream.ReadAsync(block, cancellationToken) is > 0 and int read)
            {
                hash.Append(block.AsSpan(0, read));
                length += read;
                await target.WriteAsync(block.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        ulong value = hash.GetCurrentHashAsUInt64();
        await target.WriteAsync((byte[])[.. BitConverter.GetBytes(length), .. BitConverter.GetBytes(value)], cancellationToken);
        return value;
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that caused this clean-up is the one to report.
        }
    }
}
