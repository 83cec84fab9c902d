using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.EventLogging;

/// <summary>
/// Opens a file of the log for reading while others write to it, or delete it. A pipe of that name is refused and not waited for.
/// </summary>
internal static partial class EventLogFileOpening
{
    /// <summary>O_RDONLY | O_NONBLOCK | O_CLOEXEC of Linux: a pipe is opened at once, also without a writer.</summary>
    private const int WithoutWaiting = 0x800 | 0x80000;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="IOException">It is no file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStream OpenRead(string path) => OperatingSystem.IsLinux()
        ? OpenReadOnLinux(path)
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static FileStream OpenReadOnLinux(string path)
    {
        int descriptor = Open(path, WithoutWaiting);
        if (descriptor < 0)
        {
            throw new IOException($"'{path}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        try
        {
            FileStream file = new(handle, FileAccess.Read, bufferSize: 1);
            return file.CanSeek ? file : throw new IOException($"'{path}' is no file.");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
