namespace VpcComApi.VpcBus.Relay;

/// <summary>What a relay must know about its local stream.</summary>
public sealed class ChannelRelayOptions
{
    /// <summary>
    /// Tells the local stream's other end that no more bytes will come, and leaves the other direction alone; for a socket
    /// <c>Socket.Shutdown(SocketShutdown.Send)</c>. Null for a stream that knows no half-close, such as a named pipe: there the end of
    /// the bus's bytes ends the relay, so that its owner can close the stream, which is how a pipe client learns of the end; and the
    /// end of the stream's bytes means that nobody reads it any more.
    /// </summary>
    public Func<CancellationToken, ValueTask>? HalfCloseLocal { get; init; }

    /// <summary>
    /// Asked once, when the local stream is read no more: whether its other end is gone altogether, so that nobody reads what the bus still
    /// brings and that direction can end too. Null: it is gone exactly when <see cref="HalfCloseLocal"/> is null. For a stream that can
    /// tell a half-close from a close, and for an owner who wants to know the moment.
    /// </summary>
    public Func<bool>? LocalEnded { get; init; }

    /// <summary>
    /// Whether a connection that is reset has ended like any other once its last byte is read. For a stream whose other end may leave
    /// without reading everything: on Linux, the client of a pipe does not ask for more by that than by closing it.
    /// </summary>
    public bool ResetEndsLocal { get; init; }

    /// <summary>
    /// When the bus takes no more bytes, what the local stream still sends is read and dropped for at most this long after the last
    /// byte was written to it: a socket that is closed with unread bytes resets its connection, and the other end could lose what it
    /// has not read yet.
    /// </summary>
    public TimeSpan LingerLimit { get; init; } = TimeSpan.FromSeconds(2);
}
