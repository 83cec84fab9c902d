using VpcComApi.VpcBus.Channels;

namespace VpcComApi.VpcBus.Relay;

/// <summary>A running relay: the state that its two directions share.</summary>
/// <param name="local">The local stream.</param>
/// <param name="pair">The pair.</param>
/// <param name="options">The properties of the stream.</param>
/// <param name="cancellation">Ends both directions at once.</param>
internal sealed class RelayRun(Stream local, BusChannelPair pair, ChannelRelayOptions options, CancellationToken cancellation)
{
    private readonly Lock gate = new();
    private RelaySide failedSide;
    private Exception? failure;

    /// <summary>The local stream.</summary>
    public Stream Local => local;

    /// <summary>The pair.</summary>
    public BusChannelPair Pair => pair;

    /// <summary>The properties of the stream.</summary>
    public ChannelRelayOptions Options => options;

    /// <summary>Ends both directions at once.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Relays until both directions have ended or one side fails.</summary>
    public async Task<ChannelRelayResult> RunAsync()
    {
        using CancellationTokenSource stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using IDirectRelay? direct = cancellation.IsCancellationRequested ? null : pair.TryRelay(local, options.ResetEndsLocal);
        using RelayToBus toBus = new(this, direct?.ToBus, stopReading);
        using RelayFromBus fromBus = new(this, direct?.FromBus);
        Task fromBusEnded = fromBus.RunAsync(toBus);
        await Task.WhenAll(toBus.RunAsync(fromBus, fromBusEnded), fromBusEnded);
        if (cancellation.IsCancellationRequested)
        {
            Report(RelaySide.Canceled, new OperationCanceledException(cancellation));
            AbortAsCanceled();
        }

        return new ChannelRelayResult(toBus.Bytes, fromBus.Bytes, failedSide, failure)
        {
            IsLocalComplete = fromBus.IsComplete,
            ChannelEvents = failedSide == RelaySide.None ? [] : pair.Events,
        };
    }

    /// <summary>Records a failure; only the first one counts.</summary>
    public void Report(RelaySide side, Exception failure)
    {
        lock (gate)
        {
            if (failedSide == RelaySide.None)
            {
                failedSide = side;
                this.failure = failure;
            }
        }
    }

    /// <summary>Resets the pair, so that the other side does not take incomplete data for complete.</summary>
    public void AbortAsCanceled() => pair.Abort(new BusException(BusError.ChannelReset, "The relay was cancelled."));
}
