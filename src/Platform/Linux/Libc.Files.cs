using System.Runtime.InteropServices;

namespace VpcComApi.Platform.Linux;

/// <content>The calls on files and folders.</content>
internal static unsafe partial class Libc
{
    public const int ENOENT = 2;
    public const int EACCES = 13;
    public const int ENOTDIR = 20;
    public const int ENAMETOOLONG = 36;

    public const int O_CREAT = 0x40;
    public const int O_NOFOLLOW = 0x20000;
    public const int O_PATH = 0x200000;

    /// <summary>Sets or releases a lock of an open file description; see fcntl(2).</summary>
    public const int F_OFD_SETLK = 37;
    public const short F_RDLCK = 0;
    public const short F_WRLCK = 1;
    public const short F_UNLCK = 2;

    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;

    public const uint SYNC_FILE_RANGE_WRITE = 2;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(SafeHandle descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(SafeHandle descriptor, byte* buffer, nuint length);

    public static nint read(SafeHandle descriptor, Span<byte> buffer)
    {
        fixed (byte* target = buffer)
        {
            return read(descriptor, target, (nuint)buffer.Length);
        }
    }

    public static nint write(SafeHandle descriptor, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* source = buffer)
        {
            return write(descriptor, source, (nuint)buffer.Length);
        }
    }

    // Variadic in C: a lock is passed by its address, as the third argument of any other call.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(SafeHandle descriptor, int command, ref FileLock argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(SafeHandle file, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int folder, string path, int flags, uint mask, Span<byte> stat);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(SafeHandle folder, string path, int flags, uint mask, Span<byte> stat);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sync_file_range(SafeHandle file, long offset, long length, uint flags);

    [LibraryImport("libc")]
    public static partial uint umask(uint mask);

    /// <summary>The system's <c>struct flock</c>, with 64-bit offsets.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}
