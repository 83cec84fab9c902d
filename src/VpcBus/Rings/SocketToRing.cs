using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Rings;

/// <summary>Moves bytes directly from a socket into a ring, with one system call for each move.</summary>
/// <param name="relay">The relay, which gives it turns.</param>
/// <param name="descriptor">The socket.</param>
/// <param name="resetEnds">Whether a reset of the connection counts as a normal end of its bytes.</param>
internal sealed class SocketToRing(SocketRelay relay, int descriptor, bool resetEnds) : SocketRelayDirection(relay, descriptor)
{
    /// <summary>Moves the available bytes, within the limit of the turn.</summary>
    /// <param name="ring">Where the bytes go.</param>
    /// <param name="left">What remains of the turn's limit.</param>
    /// <returns>Whether there is more work for another turn.</returns>
    /// <exception cref="BusException">The other side has violated the protocol of the ring.</exception>
    public bool Move(RingProducer ring, ref int left)
    {
        lock (ring.Gate)
        {
            while (true)
            {
                if (ring.IsFinished || IsStopped)
                {
                    End(
                        new DirectRelayEnd(
                            ring is { IsFinished: true, IsClosed: false } ? DirectRelayEndKind.PeerStopped : DirectRelayEndKind.Stopped));
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

                if (!ring.TryGetRoom(out Span<byte> room))
                {
                    return false;
                }

                nint length = Libc.recv(Descriptor, room[..Math.Min(room.Length, left)], Libc.MSG_DONTWAIT);
                if (length > 0)
                {
                    ring.Publish((int)length);
                    Count((int)length, ref left);
                    continue;
                }

                int error = length == 0 ? 0 : Marshal.GetLastPInvokeError();
                switch (error)
                {
                    case Libc.EINTR:
                        continue;
                    case Libc.EAGAIN:
                        IsSocketReady = false;
                        return false;
                    case 0:
                    case Libc.ECONNRESET when resetEnds:
                        End(new DirectRelayEnd(DirectRelayEndKind.EndOfBytes));
                        return false;
                    default:
                        EndByFailure(error);
                        return false;
                }
            }
        }
    }
}
