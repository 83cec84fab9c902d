using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>What wakes the other side, and this one: a byte either way, on a socket or on a port that is open without blocking.</summary>
/// <param name="descriptor">The descriptor; it goes with this object.</param>
/// <param name="isSocket">Whether it is a socket.</param>
/// <param name="endsBus">
/// Whether its end is news. One that ends only with the other process or its bus is none: the link tells of that.
/// </param>
internal sealed class RingDoorbell(SafeDescriptor descriptor, bool isSocket, bool endsBus) : IDisposable
{
    /// <summary>Bytes that are taken at once; what they say is said by one.</summary>
    private const int DrainSize = 256;

    /// <summary>The descriptor's number.</summary>
    public int Number => descriptor.Number;

    /// <summary>Whether the bus is to end when this does.</summary>
    public bool EndsBus => endsBus;

    /// <summary>Makes a doorbell of two connected sockets.</summary>
    /// <param name="theirs">The other side's end.</param>
    /// <returns>This side's end; null when the system refuses.</returns>
    public static RingDoorbell? TryCreate(out SafeDescriptor theirs)
    {
        Span<int> ends = [-1, -1];
        bool isMade = Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends) == 0;
        theirs = new SafeDescriptor(ends[1]);
        return isMade ? new RingDoorbell(new SafeDescriptor(ends[0]), isSocket: true, endsBus: false) : null;
    }

    /// <summary>Sends a byte, without waiting. One that is full holds signals enough.</summary>
    public void Ring()
    {
        ReadOnlySpan<byte> content = [0];
        _ = isSocket
            ? Libc.send(descriptor.Number, content, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL)
            : Libc.write(descriptor.Number, content);
    }

    /// <summary>Takes bytes, without waiting.</summary>
    /// <returns>0 when it has ended, below 0 when there is none.</returns>
    public nint Drain()
    {
        Span<byte> drained = stackalloc byte[DrainSize];
        return isSocket
            ? Libc.recv(descriptor.Number, drained, Libc.MSG_DONTWAIT)
            : Libc.read(descriptor.Number, drained);
    }

    /// <inheritdoc/>
    public void Dispose() => descriptor.Dispose();
}
