using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// Memory that two processes map. It has no name, so only a process with a descriptor of it can map it. Its size is sealed: if one side
/// could truncate it, the other's next access beyond the new end would kill that process (SIGBUS).
/// </summary>
internal sealed class SharedMemory : SafeHandle, IRingMemory
{
    private const int Seals = Libc.F_SEAL_SEAL | Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW;
    private static readonly nint MapFailed = -1;
    private static int mapped;

    private SharedMemory(nint address, long length)
        : base(invalidHandleValue: MapFailed, ownsHandle: true)
    {
        SetHandle(address);
        Length = length;
        Interlocked.Increment(ref mapped);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == MapFailed;

    /// <summary>The number of mappings in this process.</summary>
    internal static int Mapped => mapped;

    /// <summary>Bytes mapped.</summary>
    public long Length { get; }

    /// <summary>The first byte. A user of it must keep a reference to this object too.</summary>
    public nint Address => handle;

    /// <summary>Creates and maps memory filled with zeros.</summary>
    /// <param name="length">Bytes; a multiple of the page size. Pages use no memory before they are touched.</param>
    /// <param name="descriptor">The descriptor with which the other process can map it.</param>
    /// <returns>Null when the system refuses.</returns>
    public static SharedMemory? TryCreate(long length, out SafeDescriptor descriptor)
    {
        descriptor = new SafeDescriptor(CreateFile(length));
        if (!descriptor.IsInvalid
            && Libc.ftruncate(descriptor, length) == 0
            && Libc.fcntl(descriptor, Libc.F_ADD_SEALS, Seals) == 0
            && TryMap(descriptor, length) is { } memory)
        {
            return memory;
        }

        descriptor.Dispose();
        return null;
    }

    /// <summary>Maps memory that another process has created.</summary>
    /// <param name="descriptor">From that process.</param>
    /// <param name="maxLength">The most that is mapped.</param>
    /// <returns>Null when it is not sealed memory, is too large, or the system refuses.</returns>
    public static SharedMemory? TryOpen(SafeDescriptor descriptor, long maxLength)
    {
        if ((Libc.fcntl(descriptor, Libc.F_GET_SEALS, 0) & Seals) != Seals)
        {
            return null;
        }

        // The memory is sealed, so the size cannot change after this check.
        long length = Libc.lseek(descriptor, 0, Libc.SEEK_END);
        return length > 0 && length <= maxLength ? TryMap(descriptor, length) : null;
    }

    /// <summary>Maps memory that the system makes available as a file, such as that of a device. Its size cannot change.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxLength">The most that is mapped.</param>
    /// <returns>Null when it does not exist, may not be mapped, or is too large.</returns>
    public static SharedMemory? TryMapDevice(string path, long maxLength)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

            // Not by seeking to the end: a file of /sys has a length but cannot be seeked to its end.
            long length = RandomAccess.GetLength(file);
            return length > 0 && length <= maxLength ? TryMap(file, length) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Returns the pages of a range to the system; they read as zeros from then on. Offset and length are multiples of the page size. The
    /// pages of a device are kept with their content.
    /// </summary>
    public void Discard(long offset, long length) => _ = Libc.madvise(handle + (nint)offset, (nuint)length, Libc.MADV_REMOVE);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref mapped);
        return Libc.munmap(handle, (nuint)Length) == 0;
    }

    private static unsafe int CreateFile(long length)
    {
        // Above this limit ftruncate would not only fail but also send a signal that ends the process.
        ulong* limit = stackalloc ulong[2];
        if (Libc.getrlimit(Libc.RLIMIT_FSIZE, limit) != 0 || limit[0] < (ulong)length)
        {
            return -1;
        }

        const string Name = "vpcbus";
        int descriptor = Libc.memfd_create(Name, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING | Libc.MFD_NOEXEC_SEAL);

        // Linux before 6.3 does not support the last flag.
        return descriptor >= 0 ? descriptor : Libc.memfd_create(Name, Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING);
    }

    private static SharedMemory? TryMap(SafeHandle descriptor, long length)
    {
        nint address = Libc.mmap(0, (nuint)length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, descriptor, 0);
        if (address == MapFailed)
        {
            return null;
        }

        // Child processes do not inherit the mapping, and core dumps do not contain users' data.
        _ = Libc.madvise(address, (nuint)length, Libc.MADV_DONTFORK);
        _ = Libc.madvise(address, (nuint)length, Libc.MADV_DONTDUMP);
        return new SharedMemory(address, length);
    }
}
