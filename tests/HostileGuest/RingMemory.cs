using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace VpcComApi.HostileGuest;

/// <summary>
/// The memory and the doorbell that a host shares with its guest: docs/vpcbus.md, section Rings. It does not comply with the protocol.
/// </summary>
internal sealed unsafe partial class RingMemory : IDisposable
{
    public const int ToGuest = 0, ToHost = 1;

    private const int PageSize = 4096;
    private const int HostsDoorbell = 2 * PageSize;
    private const int IndicesStart = 3 * PageSize;
    private const int IndicesSize = 256;
    private const int ProtectReadWrite = 3, MapShared = 1, SeekEnd = 2;
    private const int PunchHole = 3;
    private const int AddSeals = 1033, SealWrite = 8;

    private readonly int file;
    private readonly Socket doorbell;
    private readonly byte* start;
    private readonly nint length;

    private RingMemory(int file, int doorbell)
    {
        this.file = file;
        this.doorbell = new Socket(new SafeSocketHandle(doorbell, ownsHandle: true)) { Blocking = false };
        length = (nint)lseek(file, 0, SeekEnd);
        start = (byte*)mmap(0, (nuint)length, ProtectReadWrite, MapShared, file, 0);
        if ((nint)start == -1)
        {
            throw new IOException("The memory cannot be mapped.");
        }

        Slots = *(int*)(start + 12);
        RingSize = *(int*)(start + 16);
    }

    public int Slots { get; }

    public int RingSize { get; }

    /// <summary>Everything before the rings' data, except for the page with the header.</summary>
    public Span<byte> Header => new(start + PageSize, (int)DataStart - PageSize);

    private long DataStart => IndicesStart + ((((Slots * 2L * IndicesSize) + PageSize - 1) / PageSize) * PageSize);

    /// <summary>Takes the byte that memory and doorbell are attached to.</summary>
    public static RingMemory Receive(Socket link)
    {
        const int HeaderLength = 16;
        const int ControlLength = HeaderLength + (2 * sizeof(int));
        byte* control = stackalloc byte[ControlLength];
        byte content;
        Block block = new() { Bytes = &content, Length = 1 };
        Message message = new() { Blocks = &block, BlockCount = 1, Control = control, ControlLength = ControlLength };
        if (recvmsg((int)link.Handle, &message, 0) != 1 || content != 1 || message.ControlLength < ControlLength)
        {
            throw new IOException("The host offers no rings.");
        }

        int* descriptors = (int*)(control + HeaderLength);
        return new RingMemory(descriptors[0], descriptors[1]);
    }

    /// <summary>Bytes put in.</summary>
    public ref long Tail(int slot, int direction) => ref *(long*)Indices(slot, direction);

    /// <summary>The count of bytes at the ring's first byte.</summary>
    public ref long Base(int slot, int direction) => ref *(long*)(Indices(slot, direction) + 8);

    /// <summary>Bytes taken out.</summary>
    public ref long Head(int slot, int direction) => ref *(long*)(Indices(slot, direction) + 128);

    public Span<byte> Data(int slot, int direction) => new(start + DataStart + (((slot * 2L) + direction) * RingSize), RingSize);

    /// <summary>Signals the host to check a slot, whether it waits for that or not.</summary>
    public void Signal(int slot)
    {
        Interlocked.Or(ref *(long*)(start + HostsDoorbell + 256 + (slot / 64 * sizeof(long))), 1L << (slot % 64));
        Interlocked.Or(ref *(long*)(start + HostsDoorbell + 128), 1L << (slot / 64));
        Ring();
    }

    /// <summary>Wakes the host, whether it sleeps or not.</summary>
    public void Ring()
    {
        try
        {
            doorbell.Send([0]);
        }
        catch (SocketException)
        {
            // Full, or the host has closed it.
        }
    }

    /// <summary>Tries to truncate the memory while the host uses it.</summary>
    public void Resize()
    {
        _ = ftruncate(file, 0);
        _ = ftruncate(file, PageSize);
        _ = ftruncate(file, 2 * length);
        _ = fcntl(file, AddSeals, SealWrite);
    }

    /// <summary>Removes the pages, which leaves zeros.</summary>
    public void Punch() => _ = fallocate(file, PunchHole, 0, length);

    public void Dispose()
    {
        doorbell.Dispose();
        _ = munmap((nint)start, (nuint)length);
        _ = close(file);
    }

    private byte* Indices(int slot, int direction) => start + IndicesStart + (((slot * 2) + direction) * IndicesSize);

    [LibraryImport("libc")]
    private static partial nint recvmsg(int descriptor, Message* message, int flags);

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);

    [LibraryImport("libc")]
    private static partial long lseek(int descriptor, long offset, int whence);

    [LibraryImport("libc")]
    private static partial int ftruncate(int descriptor, long length);

    [LibraryImport("libc")]
    private static partial int fallocate(int descriptor, int mode, long offset, long length);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public nint Name;
        public uint NameLength;
        public Block* Blocks;
        public nuint BlockCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Block
    {
        public byte* Bytes;
        public nuint Length;
    }
}
