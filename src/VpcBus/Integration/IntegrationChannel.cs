using VpcComApi.VpcBus.Messages;

namespace VpcComApi.VpcBus.Integration;

/// <summary>The integration messages over their channel pair.</summary>
/// <remarks>Any number of senders, one receiver at a time.</remarks>
/// <param name="pair">
/// The pair of the service <see cref="IntegrationProtocol.ServiceName"/>; it belongs to the channel from here on.
/// </param>
public sealed class IntegrationChannel(BusChannelPair pair) : IAsyncDisposable
{
    private readonly MessageStream messages = new(pair, IntegrationProtocol.MaxMessageLength);

    /// <summary>Sends a message.</summary>
    /// <exception cref="ArgumentException">The message is longer than <see cref="IntegrationProtocol.MaxMessageLength"/>.</exception>
    /// <exception cref="BusException">The pair failed, or the other side reads no more.</exception>
    public ValueTask SendAsync(IntegrationMessage message, CancellationToken cancellationToken = default) =>
        messages.SendAsync(IntegrationCodec.Encode(message), cancellationToken);

    /// <summary>Receives the next message that this side understands; others are skipped.</summary>
    /// <returns>The message, or null when the other side has sent its last one.</returns>
    /// <exception cref="BusException">The pair failed, or a message cannot be read; then the pair is reset.</exception>
    public async ValueTask<IntegrationMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        while (await messages.ReceiveAsync(cancellationToken) is { } bytes)
        {
            try
            {
                if (IntegrationCodec.Decode(bytes) is { } message)
                {
                    return message;
                }
            }
            catch (BusException corrupt)
            {
                messages.Abort(corrupt);
                throw;
            }
        }

        return null;
    }

    /// <summary>Ends this direction: no more messages follow.</summary>
    public ValueTask CompleteAsync() => messages.CompleteAsync();

    /// <summary>Ends the pair in order.</summary>
    public ValueTask DisposeAsync() => messages.DisposeAsync();
}
