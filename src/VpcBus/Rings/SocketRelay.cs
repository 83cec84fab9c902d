using System.Net.Sockets;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// Moves bytes between a socket and the rings of a pair, in both directions, on the process's event loop: directly from the socket into a
/// ring and from a ring to the socket, with one system call for each move.
/// </summary>
/// <remarks>
/// The relay has its own descriptor for the socket, so it still works if the owner closes the stream meanwhile; the owner ends the relay by
/// its token.
/// </remarks>
internal sealed class SocketRelay : LoopTask, IDirectRelay
{
    private readonly EventLoop loop;
    private readonly SafeDescriptor socket;
    private readonly int descriptor;
    private readonly int token;
    private readonly BusChannelPair pair;
    private volatile RingPair? rings;

    private SocketRelay(EventLoop loop, SafeDescriptor socket, BusChannelPair pair, bool resetEnds)
    {
        this.loop = loop;
        this.socket = socket;
        descriptor = socket.Number;
        this.pair = pair;
        ToBus = new SocketToRing(this, descriptor, resetEnds);
        FromBus = new RingToSocket(this, descriptor);
        token = loop.Register(this, descriptor, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET);
    }

    /// <summary>From the socket to the bus.</summary>
    public SocketToRing ToBus { get; }

    /// <summary>From the bus to the socket.</summary>
    public RingToSocket FromBus { get; }

    IDirectRelayDirection IDirectRelay.ToBus => ToBus;

    IDirectRelayDirection IDirectRelay.FromBus => FromBus;

    /// <summary>Begins to move bytes, if the stream is a socket and the pair's caller has not begun to use the pair.</summary>
    /// <param name="local">The stream.</param>
    /// <param name="rings">The rings of the pair.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="resetEnds">Whether a reset of the connection counts as a normal end of its bytes.</param>
    /// <returns>Null when this kind of relay is not possible; then nothing was changed.</returns>
    public static SocketRelay? TryStart(Stream local, RingPair rings, BusChannelPair pair, bool resetEnds)
    {
        if (local is not NetworkStream { Socket.SocketType: SocketType.Stream } stream)
        {
            return null;
        }

        SafeDescriptor? socket = null;
        EventLoop? loop = null;
        try
        {
            socket = new SafeDescriptor(Libc.fcntl(stream.Socket.SafeHandle, Libc.F_DUPFD_CLOEXEC, 0));
            loop = EventLoop.Acquire();
            if (!socket.IsInvalid)
            {
                SocketRelay relay = new(loop, socket, pair, resetEnds);
                if (relay.TryTake(rings))
                {
                    return relay;
                }

                loop.Unregister(relay.token, relay.descriptor);
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // There are no free descriptors, or the stream is closed: the copy loop reports it.
        }

        socket?.Dispose();
        loop?.Release();
        return null;
    }

    /// <summary>Gives the relay a turn, because one of its directions was stopped.</summary>
    public void Wake() => loop.Post(this);

    /// <summary>Releases the socket. Called when both directions have ended.</summary>
    public void Dispose()
    {
        loop.Unregister(token, descriptor);
        socket.Dispose();
        loop.Release();
    }

    internal override void NoteEvents(uint events)
    {
        if ((events & (Libc.EPOLLIN | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            ToBus.IsSocketReady = true;
        }

        if ((events & (Libc.EPOLLOUT | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            FromBus.IsSocketReady = true;
        }
    }

    internal override Turn Run(int budget)
    {
        if (this.rings is not { } rings)
        {
            return default;
        }

        try
        {
            int leftToBus = budget;
            int leftFromBus = budget;
            bool again = !ToBus.IsOver && ToBus.Move(rings.Producer, ref leftToBus);
            again |= !FromBus.IsOver && FromBus.Move(rings.Consumer, ref leftFromBus);
            return new Turn((2L * budget) - leftToBus - leftFromBus, again);
        }
        catch (BusException corrupt)
        {
            // The end of the bus ends the pair, which ends this relay.
            pair.EndAsCorrupt(corrupt);
            return default;
        }
    }

    internal override void Fail(Exception failure)
    {
        pair.Abort(new BusException(BusError.ChannelReset, $"The relay failed: {failure.Message}", failure));
        ToBus.End(new DirectRelayEnd(DirectRelayEndKind.Stopped));
        FromBus.End(new DirectRelayEnd(DirectRelayEndKind.Stopped));
    }

    private bool TryTake(RingPair rings)
    {
        if (!rings.TryHandOver(this))
        {
            return false;
        }

        this.rings = rings;
        loop.Post(this);
        return true;
    }
}
