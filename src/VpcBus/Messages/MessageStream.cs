using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace VpcComApi.VpcBus.Messages;

/// <summary>Messages over a channel pair: each is sent as its length (u32, little-endian) and its bytes.</summary>
/// <remarks>
/// Any number of senders, one receiver at a time. A message that is too long violates the protocol and resets the pair.
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of messages, not of bytes.")]
internal sealed class MessageStream : IAsyncDisposable
{
    /// <summary>Bytes in one message, by default.</summary>
    public const int DefaultMaxMessageLength = 64 * 1024;

    private const int PrefixLength = sizeof(uint);

    private readonly BusChannelPair pair;
    private readonly int maxMessageLength;
    private readonly SemaphoreSlim sending = new(1);

    /// <summary>Creates a message stream over a pair, which the stream owns from here on.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="maxMessageLength">Bytes in one message, in both directions; at least 1.</param>
    public MessageStream(BusChannelPair pair, int maxMessageLength = DefaultMaxMessageLength)
    {
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessageLength, 1);
        this.pair = pair;
        this.maxMessageLength = maxMessageLength;
    }

    /// <summary>Sends one message. Returns when the pair has accepted it, which waits while the other side does not read.</summary>
    /// <exception cref="ArgumentException">The message is too long.</exception>
    /// <exception cref="BusException">The pair failed, or the other side reads no more (<see cref="BusError.ChannelReset"/>).</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        if (message.Length > maxMessageLength)
        {
            throw new ArgumentException($"The message has {message.Length} bytes; the most is {maxMessageLength}.", nameof(message));
        }

        await sending.WaitAsync(cancellationToken);
        try
        {
            // Written completely before the flush, so that a cancelled flush cannot leave a part of a message in the stream.
            PipeWriter output = pair.Output;
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(PrefixLength), message.Length);
            output.Advance(PrefixLength);
            output.Write(message.Span);
            if ((await output.FlushAsync(cancellationToken)).IsCompleted)
            {
                throw new BusException(BusError.ChannelReset, $"The other end of '{pair.Service}' reads no more messages.");
            }
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Receives the next message.</summary>
    /// <returns>The message, or null when the other side has sent its last one.</returns>
    /// <exception cref="BusException">The pair failed, or a message is too long or truncated (<see cref="BusError.Corrupt"/>).</exception>
    public async ValueTask<byte[]?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ReadResult read = await pair.Input.ReadAtLeastAsync(PrefixLength, cancellationToken);
        if (read.Buffer.IsEmpty && read.IsCompleted)
        {
            return null;
        }

        if (read.Buffer.Length < PrefixLength)
        {
            throw Corrupt("the length of a message is truncated");
        }

        uint length = ReadLength(read.Buffer);
        if (length > (uint)maxMessageLength)
        {
            throw Corrupt($"a message has {length} bytes, more than {maxMessageLength}");
        }

        pair.Input.AdvanceTo(read.Buffer.GetPosition(PrefixLength));

        // Consumed as it arrives: a message may be longer than the window.
        byte[] message = new byte[length];
        for (int received = 0; received < message.Length;)
        {
            read = await pair.Input.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, message.Length - received));
            if (part.IsEmpty)
            {
                throw Corrupt("a message is truncated");
            }

            part.CopyTo(message.AsSpan(received));
            received += (int)part.Length;
            pair.Input.AdvanceTo(part.End);
        }

        return message;
    }

    /// <summary>Ends this direction: no more messages follow. The other direction stays open.</summary>
    public ValueTask CompleteAsync() => pair.Output.CompleteAsync();

    /// <summary>Ends the pair at once; see <see cref="BusChannelPair.Abort"/>.</summary>
    public void Abort(BusException? reason = null) => pair.Abort(reason);

    /// <summary>Ends the pair in order; see <see cref="BusChannelPair.DisposeAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await pair.DisposeAsync();
    }

    private static uint ReadLength(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32LittleEndian(prefix);
    }

    private BusException Corrupt(string what)
    {
        BusException failure = new(BusError.Corrupt, $"The other end of '{pair.Service}' broke the message protocol: {what}.");
        pair.Abort(failure);
        return failure;
    }
}
