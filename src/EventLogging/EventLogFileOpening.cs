using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.EventLogging;

/// <summary>
/// Opens a file of the log for reading while others write to it, or delete it. A pipe of that name is refused and not waited for.
/// </summary>
internal static class EventLogFileOpening
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="IOException">It is not a file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not open it.</exception>
    public static FileStream OpenRead(string path) => OperatingSystem.IsLinux()
        ? OpenReadOnLinux(path)
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static FileStream OpenReadOnLinux(string path)
    {
        // For reading; without waiting for a writer if it is a pipe.
        int descriptor = Libc.open(path, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (descriptor < 0)
        {
            throw new IOException($"'{path}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        try
        {
            FileStream file = new(handle, FileAccess.Read, bufferSize: 1);
            return file.CanSeek ? file : throw new IOException($"'{path}' is not a file.");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
