using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Rings;

/// <summary>Moves bytes directly from a ring to a socket, with one system call for each move.</summary>
/// <param name="relay">The relay, which gives it turns.</param>
/// <param name="descriptor">The socket.</param>
internal sealed class RingToSocket(SocketRelay relay, int descriptor) : SocketRelayDirection(relay, descriptor)
{
    /// <summary>Moves the available bytes, within the limit of the turn.</summary>
    /// <param name="ring">Where the bytes come from.</param>
    /// <param name="left">What remains of the turn's limit.</param>
    /// <returns>Whether there is more work for another turn.</returns>
    /// <exception cref="BusException">The other side has violated the protocol of the ring.</exception>
    public bool Move(RingConsumer ring, ref int left)
    {
        lock (ring.Gate)
        {
            while (true)
            {
                // A ring that was read to its end may be closed already: its slot can belong to another pair before this relay gets its
                // last turn.
                if (IsStopped || (ring.IsClosed && !ring.IsAtEnd))
                {
                    End(new DirectRelayEnd(DirectRelayEndKind.Stopped));
                    return false;
                }

                if (ring.IsAtEnd)
                {
                    End(new DirectRelayEnd(DirectRelayEndKind.EndOfBytes));
                    return false;
                }

                if (!IsSocketReady)
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

                nint length = Libc.send(Descriptor, bytes[..Math.Min(bytes.Length, left)], Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
                if (length >= 0)
                {
                    ring.Advance((int)length);
                    ring.GiveBack((int)length);
                    Count((int)length, ref left);
                    continue;
                }

                int error = Marshal.GetLastPInvokeError();
                switch (error)
                {
                    case Libc.EINTR:
                        continue;
                    case Libc.EAGAIN:
                        IsSocketReady = false;
                        return false;
                    default:
                        EndByFailure(error);
                        return false;
                }
            }
        }
    }
}
