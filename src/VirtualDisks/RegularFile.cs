using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// Opens files whose paths come from a user, or from another file. What stands there may be anything: opening a pipe waits for whoever
/// writes to it, and opening a device can set it going. So it is looked at before it is opened, and refused when it is no regular file.
/// </summary>
public static partial class RegularFile
{
    private const int NoSuchFile = 2;
    private const int NotADirectory = 20;
    private const int PermissionDenied = 13;
    private const int NameTooLong = 36;

    /// <summary>O_PATH | O_CLOEXEC: names a file without opening it.</summary>
    private const int NameOnly = 0x200000 | 0x80000;

    private const int AT_EMPTY_PATH = 0x1000;
    private const uint STATX_TYPE = 1;

    /// <summary>Bytes of the system's struct statx, and where it has the mode.</summary>
    private const int StatSize = 256;
    private const int StatModeOffset = 28;

    private const int TypeMask = 0xF000;
    private const int TypePipe = 0x1000;
    private const int TypeCharacterDevice = 0x2000;
    private const int TypeFolder = 0x4000;
    private const int TypeBlockDevice = 0x6000;
    private const int TypeFile = 0x8000;
    private const int TypeSocket = 0xC000;

    private const uint FILE_TYPE_DISK = 1;

    /// <summary>Opens a regular file that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">What it is opened for.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="options">How it will be used.</param>
    /// <exception cref="NotARegularFileException">Something else stands there.</exception>
    /// <exception cref="IOException">It is missing, in use, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle OpenHandle(string path, FileAccess access, FileShare share, FileOptions options = FileOptions.None) => OperatingSystem.IsLinux()
        ? OpenOnLinux(Path.GetFullPath(path), access, share, options)
        : OpenElsewhere(Path.GetFullPath(path), access, share, options);

    /// <summary>Opens a regular file that is there as a stream without a buffer of its own.</summary>
    /// <inheritdoc cref="OpenHandle"/>
    public static FileStream Open(string path, FileAccess access, FileShare share, FileOptions options = FileOptions.None) =>
        new(OpenHandle(path, access, share, options), access, bufferSize: 0, options.HasFlag(FileOptions.Asynchronous));

    /// <summary>Reads a regular file whole.</summary>
    /// <param name="path">The file. Somebody may be writing to it meanwhile.</param>
    /// <param name="maximumLength">The most bytes that are read.</param>
    /// <exception cref="NotARegularFileException">Something else stands there.</exception>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    /// <exception cref="IOException">It is missing, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static byte[] ReadAllBytes(string path, int maximumLength)
    {
        using SafeFileHandle file = OpenHandle(path, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        // One byte more than the file says that it has, up to the limit: files of the system say that they have none.
        byte[] content = new byte[(int)Math.Min(RandomAccess.GetLength(file), maximumLength) + 1];
        int length = 0;
        while (RandomAccess.Read(file, content.AsSpan(length), length) is > 0 and int read)
        {
            length += read;
            if (length > maximumLength)
            {
                throw new InvalidDataException($"the file has more than {maximumLength:N0} bytes");
            }

            if (length == content.Length)
            {
                Array.Resize(ref content, (int)Math.Min(2L * length, maximumLength + 1L));
            }
        }

        return content[..length];
    }

    /// <summary>Whether there is a regular file, which is not opened.</summary>
    /// <param name="path">Its path.</param>
    public static bool Exists(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.Exists(path);
        }

        try
        {
            using SafeFileHandle named = Name(Path.GetFullPath(path));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Names a regular file without opening it.</summary>
    [SupportedOSPlatform("linux")]
    private static SafeFileHandle Name(string path)
    {
        int descriptor = Open(path, NameOnly);
        int error = Marshal.GetLastPInvokeError();
        if (descriptor < 0)
        {
            throw Failure(path, error);
        }

        SafeFileHandle named = new(descriptor, ownsHandle: true);
        try
        {
            DemandFile(path, named);
            return named;
        }
        catch
        {
            named.Dispose();
            throw;
        }
    }

    [SupportedOSPlatform("linux")]
    private static SafeFileHandle OpenOnLinux(string path, FileAccess access, FileShare share, FileOptions options)
    {
        // What was looked at is what is opened, whatever has become of the path meanwhile.
        using SafeFileHandle named = Name(path);
        string itself = $"/proc/self/fd/{named.DangerousGetHandle()}";
        try
        {
            return File.OpenHandle(itself, FileMode.Open, access, share, options);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.", e);
        }
        catch (IOException e)
        {
            throw new IOException(e.Message.Replace(itself, path, StringComparison.Ordinal), e.HResult);
        }
    }

    [SupportedOSPlatform("linux")]
    private static void DemandFile(string path, SafeFileHandle named)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        if (StatX(named, string.Empty, AT_EMPTY_PATH, STATX_TYPE, stat) != 0)
        {
            throw new IOException($"'{path}' cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        int type = MemoryMarshal.Read<ushort>(stat[StatModeOffset..]) & TypeMask;
        if (type != TypeFile)
        {
            throw NotAFile(path, type switch
            {
                TypeFolder => "a folder",
                TypePipe => "a named pipe",
                TypeSocket => "a socket",
                TypeCharacterDevice or TypeBlockDevice => "a device",
                _ => "something else",
            });
        }
    }

    private static SafeFileHandle OpenElsewhere(string path, FileAccess access, FileShare share, FileOptions options)
    {
        // Fails for what is not there. Wine, which shows pipes of its host as files, fails for those, too.
        FileAttributes attributes = File.GetAttributes(path);
        if (attributes.HasFlag(FileAttributes.Directory) || attributes.HasFlag(FileAttributes.Device))
        {
            throw NotAFile(path, attributes.HasFlag(FileAttributes.Directory) ? "a folder" : "a device");
        }

        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, access, share, options);
        if (OperatingSystem.IsWindows() && GetFileType(file) != FILE_TYPE_DISK)
        {
            file.Dispose();
            throw NotAFile(path, "a pipe or a device");
        }

        return file;
    }

    private static NotARegularFileException NotAFile(string path, string what) => new($"'{path}' is {what}, not a file. Put the file in its place.");

    private static Exception Failure(string path, int error) => error switch
    {
        NoSuchFile or NotADirectory when Directory.Exists(Path.GetDirectoryName(path)) => new FileNotFoundException($"Could not find file '{path}'.", path),
        NoSuchFile or NotADirectory => new DirectoryNotFoundException($"Could not find a part of the path '{path}'."),
        PermissionDenied => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
        NameTooLong => new PathTooLongException($"The path '{path}' is too long."),
        _ => new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.", error),
    };

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, Span<byte> stat);

    [SupportedOSPlatform("windows")]
    [LibraryImport("kernel32")]
    private static partial uint GetFileType(SafeFileHandle file);
}
