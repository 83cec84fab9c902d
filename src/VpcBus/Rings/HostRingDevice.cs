using System.Net.Sockets;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The host's side of a machine's ring device: memory without a name and of a sealed size, which the machine's program opens through this
/// process, and a connection to the doorbell, which exists as long as the machine runs.
/// </summary>
public sealed class HostRingDevice : RingDevice
{
    /// <summary>Bytes of the memory: a power of two, as required for a PCI device.</summary>
    public const int DefaultLength = 32 * 1024 * 1024;

    /// <summary>Bytes of each ring.</summary>
    private const int RingSize = 256 * 1024;

    private readonly SharedMemory memory;
    private readonly SafeDescriptor file;
    private SafeDescriptor? doorbell;

    private HostRingDevice(SharedMemory memory, SafeDescriptor file, RingLayout layout)
    {
        this.memory = memory;
        this.file = file;
        Layout = layout;
    }

    /// <summary>Bytes of the memory.</summary>
    public long Length => memory.Length;

    /// <summary>
    /// The path under which another program of this user can open the memory, until this object is disposed or this process ends.
    /// </summary>
    public string MemoryPath => $"/proc/{Environment.ProcessId}/fd/{file.Number}";

    /// <summary>The layout of the memory.</summary>
    internal RingLayout Layout { get; }

    /// <summary>Creates the memory. Its pages use no memory before they are touched.</summary>
    /// <param name="length">Bytes, a power of two from 1 MiB.</param>
    /// <returns>Null where this is not supported: on other systems than 64-bit Linux, or when the system refuses.</returns>
    public static HostRingDevice? TryCreate(int length = DefaultLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1024 * 1024);
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return null;
        }

        // As many slots as there is room for after the header: the rings use all but one of the equal parts of the memory.
        RingLayout layout = new((length / (2 * RingSize)) - 1, RingSize);
        return SharedMemory.TryCreate(length, out SafeDescriptor file) is { } memory ? new HostRingDevice(memory, file, layout) : null;
    }

    /// <summary>Sets the connection to the machine's end of the doorbell.</summary>
    /// <param name="doorbell">A connected stream socket; closed by this method, which duplicates its descriptor.</param>
    public void Connect(Socket doorbell)
    {
        ArgumentNullException.ThrowIfNull(doorbell);
        using (doorbell)
        {
            this.doorbell?.Dispose();
            this.doorbell = new SafeDescriptor(Libc.fcntl(doorbell.SafeHandle, Libc.F_DUPFD_CLOEXEC, 0));
        }
    }

    /// <inheritdoc/>
    internal override (RingArena Arena, RingDoorbell Doorbell)? TryTake(ReadOnlySpan<byte> key)
    {
        if (this.doorbell is not { IsInvalid: false } connection)
        {
            return null;
        }

        RingDoorbell doorbell = new(new SafeDescriptor(Libc.fcntl(connection, Libc.F_DUPFD_CLOEXEC, 0)), isSocket: true, endsBus: true);
        bool isHeld = false;
        memory.DangerousAddRef(ref isHeld);
        if (doorbell.Number < 0 || doorbell.Drain() == 0)
        {
            memory.DangerousRelease();
            doorbell.Dispose();
            return null;
        }

        RingArena arena = RingArena.Renew(memory, Layout, key, () =>
        {
            memory.DangerousRelease();
            GiveUp();
        });
        return (arena, doorbell);
    }

    /// <inheritdoc/>
    private protected override bool IsPresent() => doorbell is { IsInvalid: false, IsClosed: false };

    /// <inheritdoc/>
    private protected override void Dispose(bool disposing)
    {
        // Rings that are still in use keep the memory mapped.
        doorbell?.Dispose();
        file.Dispose();
        memory.Dispose();
    }
}
