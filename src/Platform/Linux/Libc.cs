using System.Runtime.InteropServices;

namespace VpcComApi.Platform.Linux;

/// <summary>
/// The calls of Linux's C library. 64-bit only. Results are as the manual pages say; the error number of a failed
/// call is <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
/// <content>Here: descriptors, memory, sockets and events, which the bus needs.</content>
internal static unsafe partial class Libc
{
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EPIPE = 32;
    public const int ECONNRESET = 104;

    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int MSG_CMSG_CLOEXEC = 0x40000000;

    public const int AF_UNIX = 1;
    public const int SOCK_STREAM = 1;
    public const int SOCK_CLOEXEC = 0x80000;

    public const uint MFD_CLOEXEC = 1;
    public const uint MFD_ALLOW_SEALING = 2;
    public const uint MFD_NOEXEC_SEAL = 8;

    public const int F_DUPFD_CLOEXEC = 1030;
    public const nuint SIOCOUTQ = 0x5411;
    public const int F_ADD_SEALS = 1033;
    public const int F_GET_SEALS = 1034;
    public const int F_SEAL_SEAL = 1;
    public const int F_SEAL_SHRINK = 2;
    public const int F_SEAL_GROW = 4;

    public const int O_RDWR = 2;
    public const int O_NOCTTY = 0x100;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;

    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int MAP_SHARED = 1;
    public const int MADV_REMOVE = 9;
    public const int MADV_DONTDUMP = 16;
    public const int MADV_DONTFORK = 10;
    public const int SEEK_END = 2;
    public const int RLIMIT_FSIZE = 1;

    public const int EPOLL_CLOEXEC = 0x80000;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const int EPOLL_CTL_MOD = 3;
    public const uint EPOLLIN = 0x1;
    public const uint EPOLLOUT = 0x4;
    public const uint EPOLLERR = 0x8;
    public const uint EPOLLHUP = 0x10;
    public const uint EPOLLRDHUP = 0x2000;
    public const uint EPOLLET = 0x80000000;

    public const int EFD_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;

    /// <summary>Bytes from one <c>epoll_event</c> to the next: x86-64 alone packs them.</summary>
    public static int EpollEventSize => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where the caller's number begins in an <c>epoll_event</c>.</summary>
    public static int EpollDataOffset => EpollEventSize - sizeof(ulong);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    // Variadic in C too; without O_CREAT there is no third argument.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ftruncate(SafeDescriptor descriptor, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial long lseek(SafeDescriptor descriptor, long offset, int whence);

    // Variadic in C; on the 64-bit systems meant here one more whole number is passed as in any other call.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int fcntl(SafeHandle descriptor, int command, nint argument);

    // Variadic in C too.
    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(SafeHandle descriptor, nuint request, out int value);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getrlimit(int resource, ulong* softAndHard);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, SafeHandle descriptor, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int madvise(nint address, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int socketpair(int domain, int type, int protocol, Span<int> descriptors);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendmsg(SafeHandle descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recvmsg(SafeHandle descriptor, MessageHeader* message, int flags);

    // By number and not by handle: these two carry every byte, and their callers hold the handle anyway.
    [LibraryImport("libc", SetLastError = true)]
    public static partial nint recv(int descriptor, byte* buffer, nuint length, int flags);

    public static nint recv(int descriptor, Span<byte> buffer, int flags)
    {
        fixed (byte* target = buffer)
        {
            return recv(descriptor, target, (nuint)buffer.Length, flags);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint send(int descriptor, byte* buffer, nuint length, int flags);

    public static nint send(int descriptor, ReadOnlySpan<byte> buffer, int flags)
    {
        fixed (byte* source = buffer)
        {
            return send(descriptor, source, (nuint)buffer.Length, flags);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_ctl(SafeDescriptor epoll, int operation, int descriptor, byte* epollEvent);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_wait(int epoll, byte* events, int capacity, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int descriptor, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int descriptor, byte* buffer, nuint length);

    public static nint read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* target = buffer)
        {
            return read(descriptor, target, (nuint)buffer.Length);
        }
    }

    public static nint write(int descriptor, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* source = buffer)
        {
            return write(descriptor, source, (nuint)buffer.Length);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(nint descriptor);

    [LibraryImport("libc")]
    public static partial int sched_yield();

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint syscall(nint number, nint first, void* second, nint third, nint fourth);

    /// <summary>The system's <c>msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public nint Name;
        public uint NameLength;
        public Block* Blocks;
        public nuint BlockCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>The system's <c>iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Block
    {
        public byte* Bytes;
        public nuint Length;
    }
}
