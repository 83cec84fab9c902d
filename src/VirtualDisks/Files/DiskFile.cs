using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualDisks.Files;

/// <summary>A real file. Opened for writing, it is shared with nobody; opened for reading, with other readers.</summary>
internal sealed class DiskFile : IDiskFile
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int UnixWouldBlock = 11;

    private readonly SafeFileHandle handle;
    private readonly WriteBack writeBack;

    private DiskFile(string path, SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
        writeBack = new WriteBack(handle);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Opens an existing image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="writable">Whether it will be written.</param>
    /// <exception cref="VirtualDiskException">It is in use, or may not be written, or is too short to be an image.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static DiskFile Open(string path, bool writable) =>
        Open(path, writable, writable ? FileShare.None : FileShare.Read | FileShare.Delete);

    /// <summary>Opens an existing image for a look at what it says of itself. Somebody may be writing its content meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="VirtualDiskException">It is being rewritten, or is too short to be an image.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static DiskFile OpenForLook(string path) => Open(path, writable: false, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Makes a file, in place of one that a crash has left there.</summary>
    /// <param name="path">The file.</param>
    public static DiskFile Create(string path)
    {
        try
        {
            return new DiskFile(path, CreateOrTakeOver(path));
        }
        catch (IOException e) when (IsInUse(e))
        {
            throw new VirtualDiskException(
                VirtualDiskError.InUse, $"Another program is just making {path}. Wait for it, or choose another name.", e);
        }
        catch (IOException e) when (VolumeErrors.IsFull(e))
        {
            throw NoRoom(path, e);
        }
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int read = RandomAccess.Read(handle, buffer, offset);
            if (read == 0)
            {
                throw new VirtualDiskException(
                    VirtualDiskError.Damaged, $"{Path} was cut: it ends at {Length:N0} where more bytes must be. Put a copy in its place.");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        try
        {
            RandomAccess.Write(handle, data, offset);
            writeBack.Wrote(data.Length);
        }
        catch (IOException e) when (VolumeErrors.IsFull(e))
        {
            throw NoRoom(Path, e);
        }
    }

    /// <inheritdoc/>
    public void Cut(long length) => RandomAccess.SetLength(handle, length);

    /// <inheritdoc/>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (IOException e) when (VolumeErrors.IsFull(e))
        {
            throw NoRoom(Path, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private static DiskFile Open(string path, bool writable, FileShare share)
    {
        FileInfo file = new(path);
        if (writable && file is { Exists: true, IsReadOnly: true })
        {
            throw new VirtualDiskException(VirtualDiskError.ReadOnly, $"{path} is read-only. Take the attribute away, or work on a copy.");
        }

        SafeFileHandle? handle = null;
        try
        {
            handle = RegularFile.OpenHandle(path, writable ? FileAccess.ReadWrite : FileAccess.Read, share);
            long length = RandomAccess.GetLength(handle);
            if (length < Format.DiskFooter.OldLength)
            {
                throw new VirtualDiskException(
                    VirtualDiskError.Foreign, $"{path} is no virtual hard disk: it has {length} bytes. Check the path.");
            }

            DiskFile opened = new(file.FullName, handle);
            handle = null;
            return opened;
        }
        catch (NotARegularFileException e)
        {
            throw new VirtualDiskException(VirtualDiskError.Foreign, $"{path} is no virtual hard disk. {e.Message}", e);
        }
        catch (IOException e) when (IsInUse(e))
        {
            throw new VirtualDiskException(
                VirtualDiskError.InUse, $"{path} is in use by another program or machine. Try again when that has ended.", e);
        }
        catch (UnauthorizedAccessException e) when (writable)
        {
            throw new VirtualDiskException(VirtualDiskError.ReadOnly, $"{path} may not be written. Check the rights on the file.", e);
        }
        finally
        {
            handle?.Dispose();
        }
    }

    private static SafeFileHandle CreateOrTakeOver(string path)
    {
        if (!File.Exists(path))
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }

        SafeFileHandle left = RegularFile.OpenHandle(path, FileAccess.ReadWrite, FileShare.None);
        RandomAccess.SetLength(left, 0);
        return left;
    }

    private static VirtualDiskException NoRoom(string path, IOException e) =>
        new(VirtualDiskError.DiskFull, $"There is no room for {path} on its volume. Make room and try again.", e);

    private static bool IsInUse(IOException e) =>
        e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
            && e.HResult is WindowsSharingViolation or UnixWouldBlock;
}
