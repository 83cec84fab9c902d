using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The guest's side of its machine's ring device: files that the guest's system makes of the device's memory and of its doorbell.
/// </summary>
/// <param name="findMemory">Names the files that may be the memory; those of other devices among them are recognised.</param>
/// <param name="findDoorbell">Names the file of the doorbell, or null while there is none.</param>
public sealed class GuestRingDevice(Func<IReadOnlyList<string>> findMemory, Func<string?> findDoorbell) : RingDevice
{
    /// <summary>Held open for as long as this object lives: a port admits one opener, and bytes of the host need it open.</summary>
    private SafeDescriptor? doorbell;

    /// <summary>With a doorbell that is open already, without blocking.</summary>
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
