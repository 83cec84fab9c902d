using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Rings;

/// <summary>Moves bytes from a socket straight into a ring, in one system call each.</summary>
/// <param name="relay">The relay, which gives it turns.</param>
/// <param name="descriptor">The socket.</param>
/// <param name="resetEnds">Whether a reset of the connection is an end of its bytes like any other.</param>
internal sealed class SocketToRing(SocketRelay relay, int descriptor, bool resetEnds) : SocketRelayDirection(relay, descriptor)
{
    /// <summary>Moves what there is, as far as the turn goes.</summary>
    /// <param name="ring">Where the bytes go.</param>
    /// <param name="left">What is left of the turn.</param>
    /// <returns>Whether the turn ended before the work did.</returns>
    /// <exception cref="BusException">The other side broke the rules of the ring.</exception>
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
