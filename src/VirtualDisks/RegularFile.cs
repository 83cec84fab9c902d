using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualDisks;

/// <summary>
/// Opens files whose paths come from a user, or from another file. What stands there may be anything: opening a pipe waits for whoever
/// writes to it, and opening a device can set it going. So it is looked at before it is opened, and refused when it is no regular file.
/// </summary>
public static class RegularFile
{
    /// <summary>Opens a regular file that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">What it is opened for.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="options">How it will be used.</param>
    /// <exception cref="NotARegularFileException">Something else stands there.</exception>
    /// <exception cref="IOException">It is missing, in use, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    internal static SafeFileHandle OpenHandle(string path, FileAccess access, FileShare share, FileOptions options = FileOptions.None) =>
        OperatingSystem.IsLinux()
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
        int descriptor = Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC);
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
        if (FileStatus.TryRead(named) is not { } status)
        {
            throw new IOException($"'{path}' cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        if (status.Type != FileStatus.File)
        {
            throw NotAFile(path, status.Type switch
            {
                FileStatus.Folder => "a folder",
                FileStatus.Pipe => "a named pipe",
                FileStatus.Socket => "a socket",
                FileStatus.CharacterDevice or FileStatus.BlockDevice => "a device",
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
        if (OperatingSystem.IsWindows() && Kernel32.GetFileType(file) != Kernel32.FILE_TYPE_DISK)
        {
            file.Dispose();
            throw NotAFile(path, "a pipe or a device");
        }

        return file;
    }

    private static NotARegularFileException NotAFile(string path, string what) =>
        new($"'{path}' is {what}, not a file. Put the file in its place.");

    private static Exception Failure(string path, int error) => error switch
    {
        Libc.ENOENT or Libc.ENOTDIR when Directory.Exists(Path.GetDirectoryName(path)) =>
            new FileNotFoundException($"Could not find file '{path}'.", path),
        Libc.ENOENT or Libc.ENOTDIR => new DirectoryNotFoundException($"Could not find a part of the path '{path}'."),
        Libc.EACCES => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
        Libc.ENAMETOOLONG => new PathTooLongException($"The path '{path}' is too long."),
        _ => new IOException($"'{path}' cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.", error),
    };
}
