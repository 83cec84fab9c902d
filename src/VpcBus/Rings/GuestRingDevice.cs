using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The guest's side of its machine's ring device: the files with which the guest's system represents the device's memory and its doorbell.
/// </summary>
/// <param name="findMemory">Returns the files that may be the memory; those of other devices among them are detected.</param>
/// <param name="findDoorbell">Returns the file of the doorbell, or null while there is none.</param>
public sealed class GuestRingDevice(Func<IReadOnlyList<string>> findMemory, Func<string?> findDoorbell) : RingDevice
{
    /// <summary>
    /// Kept open until this object is disposed: the port can be opened only once at a time, and bytes from the host arrive only while it is
    /// open.
    /// </summary>
    private SafeDescriptor? doorbell;

    /// <summary>Creates the device with a doorbell that is already open in non-blocking mode.</summary>
    internal GuestRingDevice(Func<IReadOnlyList<string>> findMemory, SafeDescriptor doorbell)
        : this(findMemory, static () => null) => this.doorbell = doorbell;

    /// <inheritdoc/>
    internal override (RingArena Arena, RingDoorbell Doorbell)? TryTake(ReadOnlySpan<byte> key)
    {
        if (this.doorbell is not { } port)
        {
            return null;
        }

        RingDoorbell doorbell = new(new SafeDescriptor(Libc.fcntl(port, Libc.F_DUPFD_CLOEXEC, 0)), isSocket: false, endsBus: true);
        if (doorbell.Number >= 0 && doorbell.Drain() != 0)
        {
            long largest = new RingLayout(RingLayout.MaxRings, RingLayout.MaxRingSize).TotalSize;
            foreach (string path in findMemory())
            {
                if (SharedMemory.TryMapDevice(path, largest) is not { } memory)
                {
                    continue;
                }

                RingArena? arena = RingArena.TryFind(memory, key, () =>
                {
                    memory.Dispose();
                    GiveUp();
                });
                if (arena is not null)
                {
                    return (arena, doorbell);
                }

                memory.Dispose();
            }
        }

        doorbell.Dispose();
        return null;
    }

    /// <inheritdoc/>
    private protected override bool IsPresent()
    {
        if (doorbell is null && findMemory().Count > 0 && findDoorbell() is { } path)
        {
            SafeDescriptor port = new(Libc.open(path, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC));
            doorbell = port.IsInvalid ? null : port;
        }

        return doorbell is not null;
    }

    /// <inheritdoc/>
    private protected override void Dispose(bool disposing) => doorbell?.Dispose();
}
