using System.Net.Sockets;
using System.Runtime.InteropServices;
using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus;

/// <summary>
/// Moves bytes between a socket and the rings of a pair, both ways, on the process's event loop: each byte goes from the socket straight
/// into the ring, or from the ring straight to the socket, in one system call. What the moves mean is for <see cref="ChannelRelay"/>.
/// </summary>
/// <remarks>
/// The relay has a descriptor of its own for the socket, so an owner who closes the stream meanwhile pulls nothing away from under it; and
/// that owner ends the relay by its token.
/// </remarks>
internal sealed unsafe class SocketRelay : LoopTask, IDisposable
{
    private readonly EventLoop _loop;
    private readonly SafeDescriptor _socket;
    private readonly int _descriptor;
    private readonly int _token;
    private readonly BusChannelPair _pair;
    private readonly bool _resetEnds;
    private readonly TaskCompletionSource<SocketRelayEnd> _toBus = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SocketRelayEnd> _fromBus = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RingPair? _rings;
    private volatile bool _stopReading;
    private volatile bool _stopWriting;
    private bool _readable = true;
    private bool _writable = true;
    private bool _toBusOver;
    private bool _fromBusOver;
    private long _bytesToBus;
    private long _bytesFromBus;

    private SocketRelay(EventLoop loop, SafeDescriptor socket, BusChannelPair pair, bool resetEnds)
    {
        _loop = loop;
        _socket = socket;
        _descriptor = socket.Number;
        _pair = pair;
        _resetEnds = resetEnds;
        _token = loop.Register(this, _descriptor, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET);
    }

    /// <summary>Ends when nothing more will be moved from the socket to the bus.</summary>
    public Task<SocketRelayEnd> ToBus => _toBus.Task;

    /// <summary>Ends when nothing more will be moved from the bus to the socket.</summary>
    public Task<SocketRelayEnd> FromBus => _fromBus.Task;

    /// <summary>Bytes moved to the bus.</summary>
    public long BytesToBus => Volatile.Read(ref _bytesToBus);

    /// <summary>Bytes moved from the bus.</summary>
    public long BytesFromBus => Volatile.Read(ref _bytesFromBus);

    /// <summary>Begins to move bytes, if the stream is a socket and the pair's data travels through rings.</summary>
    /// <param name="local">The stream.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="resetEnds">Whether a reset of the connection is an end of its bytes like any other.</param>
    /// <returns>Null when this is not a case for it; nothing has happened then.</returns>
    public static SocketRelay? TryStart(Stream local, BusChannelPair pair, bool resetEnds)
    {
        if (pair.Place < 0 || local is not NetworkStream { Socket.SocketType: SocketType.Stream } stream)
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
                var relay = new SocketRelay(loop, socket, pair, resetEnds);
                if (relay.TryTakeRings())
                {
                    return relay;
                }

                loop.Unregister(relay._token, relay._descriptor);
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // No descriptors left, or the stream is closed: the ordinary way will tell.
        }

        socket?.Dispose();
        loop?.Release();
        return null;
    }

    /// <summary>Moves nothing more from the socket to the bus.</summary>
    public void StopReading()
    {
        _stopReading = true;
        _loop.Post(this);
    }

    /// <summary>Moves nothing more from the bus to the socket.</summary>
    public void StopWriting()
    {
        _stopWriting = true;
        _loop.Post(this);
    }

    /// <summary>Lets go of the socket. When both directions are over.</summary>
    public void Dispose()
    {
        _loop.Unregister(_token, _descriptor);
        _socket.Dispose();
        _loop.Release();
    }

    internal override void NoteEvents(uint events)
    {
        if ((events & (Libc.EPOLLIN | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            _readable = true;
        }

        if ((events & (Libc.EPOLLOUT | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            _writable = true;
        }
    }

    internal override Turn Run(int budget)
    {
        if (_rings is not { } rings)
        {
            return default;
        }

        try
        {
            int leftToBus = budget;
            int leftFromBus = budget;
            bool again = !_toBusOver && MoveToBus(rings.Producer, ref leftToBus);
            again |= !_fromBusOver && MoveFromBus(rings.Consumer, ref leftFromBus);
            return new Turn((2L * budget) - leftToBus - leftFromBus, again);
        }
        catch (BusException corrupt)
        {
            // The end of the bus ends the pair, and that ends this.
            _pair.EndAsCorrupt(corrupt);
            return default;
        }
    }

    internal override void Fail(Exception failure)
    {
        _pair.Abort(new BusException(BusError.ChannelReset, $"The relay failed: {failure.Message}", failure));
        EndToBus(new SocketRelayEnd(SocketRelayEndKind.Stopped));
        EndFromBus(new SocketRelayEnd(SocketRelayEndKind.Stopped));
    }

    private static SocketRelayEnd LocalFailure(int error) =>
        new(SocketRelayEndKind.LocalFailed, new IOException(Marshal.GetPInvokeErrorMessage(error), new SocketException(error switch
        {
            Libc.ECONNRESET => (int)SocketError.ConnectionReset,
            Libc.EPIPE => (int)SocketError.Shutdown,
            _ => (int)SocketError.SocketError,
        })));

    private bool TryTakeRings()
    {
        if (_pair.TryTakeRings(this) is not { } rings)
        {
            return false;
        }

        _rings = rings;
        _loop.Post(this);
        return true;
    }

    private bool MoveToBus(RingProducer ring, ref int left)
    {
        lock (ring.Gate)
        {
            while (true)
            {
                if (ring.IsFinished || _stopReading)
                {
                    EndToBus(new SocketRelayEnd(ring is { IsFinished: true, IsClosed: false } ? SocketRelayEndKind.PeerStopped : SocketRelayEndKind.Stopped));
                    return false;
                }

                if (!_readable)
                {
                    return false;
                }

                if (left <= 0)
                {
                    return true;
                }

                if (!ring.TryGetRoom(out Span<byte> room))
                {
                    return false;
                }

                nint length;
                fixed (byte* target = room)
                {
                    length = Libc.recv(_descriptor, target, (nuint)Math.Min(room.Length, left), Libc.MSG_DONTWAIT);
                }

                if (length > 0)
                {
                    ring.Publish((int)length);
                    left -= Math.Max((int)length, TurnQueue.LeastCost);
                    Volatile.Write(ref _bytesToBus, _bytesToBus + length);
                    continue;
                }

                int error = length == 0 ? 0 : Marshal.GetLastPInvokeError();
                switch (error)
                {
                    case Libc.EINTR:
                        continue;
                    case Libc.EAGAIN:
                        _readable = false;
                        return false;
                    case 0:
                    case Libc.ECONNRESET when _resetEnds:
                        EndToBus(new SocketRelayEnd(SocketRelayEndKind.EndOfBytes));
                        return false;
                    default:
                        EndToBus(LocalFailure(error));
                        return false;
                }
            }
        }
    }

    private bool MoveFromBus(RingConsumer ring, ref int left)
    {
        lock (ring.Gate)
        {
            while (true)
            {
                // One that is read to its end may be closed already: its place can be another pair's before this relay gets its last turn.
                if (_stopWriting || (ring.IsClosed && !ring.IsAtEnd))
                {
                    EndFromBus(new SocketRelayEnd(SocketRelayEndKind.Stopped));
                    return false;
                }

                if (ring.IsAtEnd)
                {
                    EndFromBus(new SocketRelayEnd(SocketRelayEndKind.EndOfBytes));
                    return false;
                }

                if (!_writable)
                {
                    return false;
                }

                if (left <= 0)
                {
                    return true;
                }

                if (!ring.TryGetBytes(out ReadOnlySpan<byte> bytes))
                {
                    return false;
                }

                nint length;
                fixed (byte* source = bytes)
                {
                    length = Libc.send(
                        _descriptor, source, (nuint)Math.Min(bytes.Length, left), Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
                }

                if (length >= 0)
                {
                    ring.Advance((int)length);
                    ring.GiveBack((int)length);
                    left -= Math.Max((int)length, TurnQueue.LeastCost);
                    Volatile.Write(ref _bytesFromBus, _bytesFromBus + length);
                    continue;
                }

                int error = Marshal.GetLastPInvokeError();
                switch (error)
                {
                    case Libc.EINTR:
                        continue;
                    case Libc.EAGAIN:
                        _writable = false;
                        return false;
                    default:
                        EndFromBus(LocalFailure(error));
                        return false;
                }
            }
        }
    }

    private void EndToBus(SocketRelayEnd end)
    {
        _toBusOver = true;
        _toBus.TrySetResult(end);
    }

    private void EndFromBus(SocketRelayEnd end)
    {
        _fromBusOver = true;
        _fromBus.TrySetResult(end);
    }
}
