using System.Net.Sockets;
using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// One direction of a <see cref="SocketRelay"/>: the state of its end of the socket, the bytes that it has moved, and how it ended.
/// </summary>
/// <param name="relay">The relay, which gives it turns.</param>
/// <param name="descriptor">The socket.</param>
internal abstract class SocketRelayDirection(SocketRelay relay, int descriptor) : IDirectRelayDirection
{
    private readonly TaskCompletionSource<DirectRelayEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isStopped;
    private long bytes;

    /// <inheritdoc/>
    public Task<DirectRelayEnd> Ended => ended.Task;

    /// <inheritdoc/>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Whether no more bytes will be moved. Used by the loop only.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the socket may have bytes, or room, for this direction. Used by the loop only.</summary>
    public bool IsSocketReady { get; set; } = true;

    /// <summary>Whether the direction is to stop.</summary>
    protected bool IsStopped => isStopped;

    /// <summary>The socket.</summary>
    protected int Descriptor => descriptor;

    /// <inheritdoc/>
    public void Stop()
    {
        isStopped = true;
        relay.Wake();
    }

    /// <summary>Ends the direction, for the first reason given.</summary>
    public void End(DirectRelayEnd end)
    {
        IsOver = true;
        ended.TrySetResult(end);
    }

    /// <summary>The socket has failed.</summary>
    /// <param name="error">The system's number of the error.</param>
    protected void EndByFailure(int error) => End(
        new DirectRelayEnd(
            DirectRelayEndKind.LocalFailed, new IOException(Marshal.GetPInvokeErrorMessage(error), new SocketException(error switch
        {
            Libc.ECONNRESET => (int)SocketError.ConnectionReset,
            Libc.EPIPE => (int)SocketError.Shutdown,
            _ => (int)SocketError.SocketError,
        }))));

    /// <summary>Counts bytes that were moved.</summary>
    /// <param name="length">How many.</param>
    /// <param name="left">What remains of the turn's limit.</param>
    protected void Count(int length, ref int left)
    {
        left -= Math.Max(length, TurnQueue.LeastCost);
        Volatile.Write(ref bytes, bytes + length);
    }
}
