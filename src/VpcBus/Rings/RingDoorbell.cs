using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>Wakes the other side, and lets it wake this one, by a byte on a socket or on a port in non-blocking mode.</summary>
/// <param name="descriptor">The descriptor; this object closes it.</param>
/// <param name="isSocket">Whether it is a socket.</param>
/// <param name="endsBus">
/// Whether the bus must end when the doorbell ends. Not necessary for a doorbell that ends only with the other process or its bus, because
/// then the link ends too.
/// </param>
internal sealed class RingDoorbell(SafeDescriptor descriptor, bool isSocket, bool endsBus) : IDisposable
{
    /// <summary>The size of one read. Several bytes mean the same as one.</summary>
    private const int DrainSize = 256;

    /// <summary>The descriptor's number.</summary>
    public int Number => descriptor.Number;

    /// <summary>Whether the bus is to end when this does.</summary>
    public bool EndsBus => endsBus;

    /// <summary>Creates a doorbell of two connected sockets.</summary>
    /// <param name="theirs">The other side's end.</param>
    /// <returns>This side's end; null when the system refuses.</returns>
    public static RingDoorbell? TryCreate(out SafeDescriptor theirs)
    {
        Span<int> ends = [-1, -1];
        bool isMade = Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0, ends) == 0;
        theirs = new SafeDescriptor(ends[1]);
        return isMade ? new RingDoorbell(new SafeDescriptor(ends[0]), isSocket: true, endsBus: false) : null;
    }

    /// <summary>Sends a byte, without waiting. If the socket is full, the other side is woken by the bytes that it contains.</summary>
    public void Ring()
    {
        ReadOnlySpan<byte> content = [0];
        _ = isSocket
            ? Libc.send(descriptor.Number, content, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL)
            : Libc.write(descriptor.Number, content);
    }

    /// <summary>Reads bytes, without waiting.</summary>
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
