using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// One open communication channel: the pipe on the host, joined to a pair of bus channels whose other end the guest service has joined to a
/// TCP connection. It ends by itself when its client has closed the pipe, when both directions have ended, when the guest resets it, or
/// when the bus does.
/// <para>
/// The client's end frees the name at once, but what the client wrote goes on to the guest program, however slowly that one reads; until it
/// is through, the channel counts as closing. An unused pipe waits for its client as long as the machine runs.
/// </para>
/// </summary>
internal sealed class CommunicationChannel
{
    /// <summary>
    /// How long a client may take to read what is on its way to it after the channel has failed. A client that does not read is cut off
    /// then.
    /// </summary>
    private static readonly TimeSpan LastBytesLimit = TimeSpan.FromSeconds(5);

    private readonly string machineName;
    private readonly ChannelEndpoints endpoints;
    private readonly HostPipeListener listener;
    private readonly BusChannelPair pair;
    private readonly Task<Stream> accepting;
    private readonly CancellationTokenSource stop;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly long opened;
    private readonly StallWatch toGuestWatch;
    private readonly StallWatch toHostWatch;
    private string? stopReason;
    private volatile bool isClientConnected;
    private volatile bool isClosing;

    /// <summary>Takes over the two ends of a channel.</summary>
    /// <param name="machineName">For texts.</param>
    /// <param name="endpoints">The channel's ends.</param>
    /// <param name="listener">The pipe.</param>
    /// <param name="accepting">The wait for the pipe's client, which <paramref name="stop"/> ends.</param>
    /// <param name="pair">The bus channels, which the guest has accepted.</param>
    /// <param name="stop">Ends the channel at once.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where messages go.</param>
    internal CommunicationChannel(
        string machineName, ChannelEndpoints endpoints, HostPipeListener listener, Task<Stream> accepting, BusChannelPair pair,
        CancellationTokenSource stop, TimeProvider timeProvider, ILogger logger)
    {
        this.machineName = machineName;
        this.endpoints = endpoints;
        this.listener = listener;
        this.accepting = accepting;
        this.pair = pair;
        this.stop = stop;
        this.timeProvider = timeProvider;
        this.logger = logger;
        opened = timeProvider.GetTimestamp();
        toGuestWatch = new StallWatch(timeProvider);
        toHostWatch = new StallWatch(timeProvider);
    }

    /// <summary>Whether the pipe is gone and only the last bytes are under way to the guest program.</summary>
    internal bool IsClosing => isClosing;

    /// <summary>The number of the bus channel from host to guest.</summary>
    internal int ToGuestChannelId => pair.OutputChannelId;

    /// <summary>The number of the bus channel from guest to host.</summary>
    internal int ToHostChannelId => pair.InputChannelId;

    /// <summary>The bytes that it has carried in each direction; known when it has ended.</summary>
    internal (long ToGuest, long ToHost) Carried { get; private set; }

    /// <summary>What the channel is now.</summary>
    /// <param name="toGuest">The bus channel from host to guest; null when it has ended.</param>
    /// <param name="toHost">The bus channel from guest to host; null when it has ended.</param>
    internal CommunicationChannelStatus Describe(BusChannelStatistics? toGuest, BusChannelStatistics? toHost) => new()
    {
        PipeName = endpoints.Pipe.Name,
        GuestPort = endpoints.GuestPort,
        State = StateOf(toGuest, toHost),
        ToGuest = DirectionOf(toGuest),
        ToHost = DirectionOf(toHost),
        Age = timeProvider.GetElapsedTime(opened),
        Events = ChannelEvent.Describe(pair.Events),
    };

    /// <summary>Ends the channel at once; bytes under way are lost.</summary>
    /// <param name="reason">Why, for the event log.</param>
    internal void Stop(string reason)
    {
        Interlocked.CompareExchange(ref stopReason, reason, null);
        stop.Cancel();
    }

    /// <summary>Carries the bytes until the channel has ended. Never throws; what fails is logged.</summary>
    internal async Task RunAsync()
    {
        try
        {
            if (await WaitForClientAsync() is { } client)
            {
                Task<ChannelRelayResult> relaying = ChannelRelay.RunAsync(client, pair, RelayOptions(), stop.Token);
                await LimitLastBytesAsync(relaying);
                Report(await relaying);
            }
        }
        finally
        {
            isClosing = true;
            isClientConnected = false;
            bool cutOff = stop.IsCancellationRequested;
            await stop.CancelAsync();
            await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cutOff)
            {
                listener.Disconnect();
            }

            listener.Dispose();
        }

        // The guest program may still be reading what the client left. Nothing bounds that but the session, which resets the pair.
        await pair.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for the client, or for the guest or the session to end the channel before there is one.</summary>
    private async Task<Stream?> WaitForClientAsync()
    {
        await Task.WhenAny(accepting, pair.Completion);
        if (pair.Completion.IsCompletedSuccessfully)
        {
            // The guest program has said what it had to say and left. The client may still come for it.
            await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (accepting.IsCompletedSuccessfully)
        {
            isClientConnected = true;
            return await accepting;
        }

        if (stop.IsCancellationRequested)
        {
            pair.Abort(new BusException(BusError.ChannelReset, stopReason ?? "The host ended the channel."));
            ChannelLog.ChannelEnded(logger, machineName, endpoints.Pipe, endpoints.GuestPort, 0, 0, stopReason ?? "the host ended it");
            return null;
        }

        if (accepting.IsCompleted)
        {
            string reason = accepting.Exception?.InnerException?.Message ?? "the pipe does not wait for a client any more";
            pair.Abort(new BusException(BusError.ChannelReset, reason));
            Failed(ChannelSide.Host, 0, 0, reason, pair.Events);
            return null;
        }

        BusException? failure = pair.Completion.Exception?.InnerException as BusException;
        Failed(SideOf(failure), 0, 0, failure?.Message ?? "the guest ended it", pair.Events);
        return null;
    }

    private CommunicationChannelState StateOf(BusChannelStatistics? toGuest, BusChannelStatistics? toHost)
    {
        // Both are looked at, whatever the answer is: a look that is left out would be a movement that is not seen.
        bool isStalled = toGuestWatch.Look(toGuest) | toHostWatch.Look(toHost);
        return !isClientConnected ? CommunicationChannelState.Awaited
            : toGuest is null or { HasEnded: true } || toHost is null or { HasEnded: true } ? CommunicationChannelState.HalfClosed
            : isStalled ? CommunicationChannelState.Stalled
            : CommunicationChannelState.Open;
    }

    private static CommunicationChannelDirection DirectionOf(BusChannelStatistics? channel) =>
        channel is null ? default : new CommunicationChannelDirection(channel.Bytes, channel.Stalls, channel.FreeWindow);

    private ChannelRelayOptions RelayOptions() => new()
    {
        HalfCloseLocal = _ =>
        {
            listener.CompleteWriting();
            return ValueTask.CompletedTask;
        },
        ResetEndsLocal = true,
        LocalEnded = () =>
        {
            isClosing = listener.EndIfClientGone();
            return isClosing;
        },
    };

    /// <summary>Returns when the relay has ended, and sees to it that it does, once the pair has failed.</summary>
    private async Task LimitLastBytesAsync(Task relaying)
    {
        await Task.WhenAny(relaying, pair.Completion);
        if (pair.Completion.IsFaulted)
        {
            using CancellationTokenSource relayEnded = new();
            Task limit = Task.Delay(LastBytesLimit, timeProvider, relayEnded.Token);
            bool isLate = await Task.WhenAny(relaying, limit) == limit;
            await relayEnded.CancelAsync();
            if (isLate)
            {
                await stop.CancelAsync();
            }
        }

        await relaying;
    }

    private void Report(ChannelRelayResult result)
    {
        Carried = (result.BytesToBus, result.BytesFromBus);
        if (stopReason is not null)
        {
            Ended(stopReason);
        }
        else if (result.FailedSide is RelaySide.Bus or RelaySide.Canceled)
        {
            Failed(
                SideOf(result.Exception as BusException), result.BytesToBus, result.BytesFromBus, result.Exception?.Message
                    ?? "the bus failed",
                result.ChannelEvents);
        }
        else
        {
            // A client that leaves without reading everything is a client that leaves.
            Ended(result.FailedSide == RelaySide.Local ? "the client left before it had read everything" : "both ends closed it");
        }

        void Ended(string reason) => ChannelLog.ChannelEnded(
            logger, machineName, endpoints.Pipe, endpoints.GuestPort, result.BytesToBus, result.BytesFromBus, reason);
    }

    private void Failed(ChannelSide side, long bytesToGuest, long bytesToHost, string reason, IReadOnlyList<ChannelEvent> events) =>
        ChannelLog.ChannelFailed(
            logger, machineName, endpoints.Pipe, endpoints.GuestPort, side, bytesToGuest, bytesToHost,
            GuestText.Bound(reason, BusOptions.MaxReasonLength), ChannelEvent.Describe(events));

    /// <summary>A reset comes from the guest's end; everything else that ends a pair ends the whole bus.</summary>
    private static ChannelSide SideOf(BusException? failure) =>
        failure?.Error == BusError.ChannelReset ? ChannelSide.Guest : ChannelSide.Link;
}
