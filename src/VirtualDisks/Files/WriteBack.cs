using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VirtualDisks.Files;

/// <summary>
/// Sends what was written on its way to the disk while more is being written. Linux keeps it in memory for as long as it can, so that the
/// flush at the end of a long operation would wait for all of it. Windows begins by itself.
/// </summary>
/// <param name="file">The file.</param>
internal sealed class WriteBack(SafeFileHandle file)
{
    /// <summary>
    /// How much is written before it is sent: much for a disk to do in one go, and little beside what a long operation writes.
    /// </summary>
    private const long SendAfter = 32L << 20;

    private long unsent;

    /// <summary>Takes note of a write.</summary>
    /// <param name="length">Bytes that were written.</param>
    public void Wrote(int length)
    {
        unsent += length;
        if (unsent >= SendAfter && OperatingSystem.IsLinux())
        {
            unsent = 0;

            // It begins and does not wait. A file system that cannot do it waits for the flush. That one reports what fails, too.
            _ = Libc.sync_file_range(file, 0, 0, Libc.SYNC_FILE_RANGE_WRITE);
        }
    }
}
