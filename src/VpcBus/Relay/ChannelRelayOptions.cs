namespace VpcComApi.VpcBus.Relay;

/// <summary>The properties of a relay's local stream.</summary>
public sealed class ChannelRelayOptions
{
    /// <summary>
    /// Signals to the local stream's other end that no more bytes will follow, without affecting the other direction; for a socket
    /// <c>Socket.Shutdown(SocketShutdown.Send)</c>. Null for a stream without half-close, such as a named pipe: there the end of the bus's
    /// bytes ends the relay, so that its owner can close the stream and the pipe client learns of the end; and the end of the stream's
    /// bytes means that nobody reads from it any more.
    /// </summary>
    public Func<CancellationToken, ValueTask>? HalfCloseLocal { get; init; }

    /// <summary>
    /// Called once, when the local stream is not read any more: returns whether its other end was closed completely, so that nobody reads
    /// further bytes of the bus and that direction can end too. Null: it counts as closed exactly when <see cref="HalfCloseLocal"/> is
    /// null. For a stream with which a half-close can be distinguished from a close, and for an owner that needs to know this moment.
    /// </summary>
    public Func<bool>? LocalEnded { get; init; }

    /// <summary>
    /// Whether a reset of the connection counts as a normal end once its last byte was read. For a stream whose other end may close without
    /// reading everything: on Linux, a pipe client that closes its end with unread bytes resets the connection, although it has only closed
    /// the pipe.
    /// </summary>
    public bool ResetEndsLocal { get; init; }

    /// <summary>
    /// When the bus accepts no more bytes, what the local stream still sends is read and dropped for at most this long after the last byte
    /// was written to it: closing a socket with unread bytes resets its connection, and the other end could lose what it has not read yet.
    /// </summary>
    public TimeSpan LingerLimit { get; init; } = TimeSpan.FromSeconds(2);
}
