using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The communication channels of one machine: opens them, counts them, ends them.</summary>
/// <param name="machineName">For texts.</param>
/// <param name="maximum">The most channels at once, those that are closing included.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class CommunicationChannelSet(string machineName, int maximum, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>The most channels of a machine by default.</summary>
    internal const int DefaultMaximum = 1024;

    /// <summary>How often channels are looked at, so that it is known for how long one stands still when somebody asks.</summary>
    private static readonly TimeSpan LookInterval = StallWatch.Limit / 4;

    private readonly Lock sync = new();
    private readonly Dictionary<CommunicationChannel, Task> channels = [];
    private ITimer? looking;
    private BusConnection? lastBus;
    private int starting;
    private (long ToGuest, long ToHost) carriedByEnded;

    /// <summary>Opens a channel: creates the pipe, and has the guest service connect to the port.</summary>
    /// <param name="bus">The bus to the guest.</param>
    /// <param name="endpoints">The channel's ends.</param>
    /// <param name="cancellationToken">Gives the channel up; nothing is left behind then.</param>
    /// <exception cref="VirtualMachineException">Refused, and nothing is left behind.</exception>
    internal async Task StartAsync(BusConnection bus, ChannelEndpoints endpoints, CancellationToken cancellationToken)
    {
        HostPipeListener listener = CreatePipe(endpoints);

        // Never disposed: without a timer it holds nothing, and whoever ends the channel may come late.
        CancellationTokenSource stop = new();
        Task<Stream>? accepting = null;
        CommunicationChannel? channel = null;
        try
        {
            TakePlace(endpoints);
            try
            {
                // Under way before anybody learns that the pipe is there, so that a client that comes and goes at once is not missed.
                accepting = listener.AcceptAsync(stop.Token);
                BusChannelPair pair = await OfferAsync(bus, endpoints, cancellationToken);
                channel = new CommunicationChannel(machineName, endpoints, listener, accepting, pair, stop, timeProvider, logger);
            }
            finally
            {
                GivePlace(channel, bus);
            }
        }
        finally
        {
            if (channel is null)
            {
                await stop.CancelAsync();
                await ((Task?)accepting ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                listener.Disconnect();
                listener.Dispose();
            }
        }

        ChannelLog.ChannelOpened(logger, machineName, endpoints.Pipe, endpoints.GuestPort);
    }

    /// <summary>The channels whose pipe is open, and what they have carried.</summary>
    /// <param name="bus">The bus that they run on, or null.</param>
    internal IReadOnlyList<CommunicationChannelStatus> Describe(BusConnection? bus)
    {
        CommunicationChannel[] open;
        lock (sync)
        {
            open = [.. channels.Keys.Where(channel => !channel.IsClosing)];
        }

        if (open.Length == 0)
        {
            return [];
        }

        Dictionary<int, BusChannelStatistics> onBus = bus?.Channels.ToDictionary(channel => channel.ChannelId) ?? [];
        return
        [
            .. open.Select(channel => channel.Describe(
                onBus.GetValueOrDefault(channel.ToGuestChannelId), onBus.GetValueOrDefault(channel.ToHostChannelId)))
        ];
    }

    /// <summary>What all channels, also those that have ended, have carried.</summary>
    /// <param name="bus">The bus that they run on, or null.</param>
    internal (long ToGuest, long ToHost) ReadCarried(BusConnection? bus)
    {
        IReadOnlyList<CommunicationChannelStatus> open = Describe(bus);
        lock (sync)
        {
            return (
                carriedByEnded.ToGuest + open.Sum(channel => channel.ToGuest.Bytes),
                carriedByEnded.ToHost + open.Sum(channel => channel.ToHost.Bytes));
        }
    }

    /// <summary>Begins to end all channels at once.</summary>
    /// <param name="reason">Why, for the event log.</param>
    internal void StopAll(string reason)
    {
        CommunicationChannel[] stopping;
        lock (sync)
        {
            stopping = [.. channels.Keys];
        }

        foreach (CommunicationChannel channel in stopping)
        {
            channel.Stop(reason);
        }
    }

    /// <summary>Waits until no channel is left. To be called when the bus has ended, which ends them all.</summary>
    internal Task WaitForEndAsync()
    {
        lock (sync)
        {
            return Task.WhenAll(channels.Values);
        }
    }

    private HostPipeListener CreatePipe(ChannelEndpoints endpoints)
    {
        try
        {
            return HostPipeListener.Create(endpoints.Pipe);
        }
        catch (VirtualMachineException refusal)
        {
            throw Refused(endpoints, ChannelSide.Host, refusal.Error, refusal.Message, refusal);
        }
    }

    private async Task<BusChannelPair> OfferAsync(BusConnection bus, ChannelEndpoints endpoints, CancellationToken cancellationToken)
    {
        string port = $"the port {endpoints.GuestPort} in the machine '{machineName}'";
        try
        {
            return await bus.OfferAsync(TcpRelayService.Name(endpoints.GuestPort), cancellationToken);
        }
        catch (BusChannelRejectedException refusal)
        {
            (VirtualMachineError error, string text) = (RelayRejection)refusal.Code switch
            {
                RelayRejection.ConnectionRefused => (VirtualMachineError.ConnectionRefused,
                    $"Nobody listens on {port}. Start the TCP server in the guest first; it must listen on 127.0.0.1."),
                RelayRejection.ConnectTimedOut => (VirtualMachineError.TimedOut, $"A connection to {port} was not answered in time."),
                RelayRejection.Busy => (VirtualMachineError.TooManyChannels, $"The guest has no room for another connection to {port}."),
                RelayRejection.ShuttingDown =>
                    (VirtualMachineError.ChannelNotReady, $"The guest is shutting down, so {port} cannot be reached."),
                RelayRejection.UnknownService => (VirtualMachineError.IntegrationFeatureNotAvailable,
                    $"The guest service does not connect to TCP ports, so {port} cannot be reached."),
                _ => (VirtualMachineError.Unexpected, $"The guest service could not connect to {port}: {GuestText.Bound(refusal.Reason)}"),
            };
            throw Refused(endpoints, ChannelSide.Guest, error, text, refusal);
        }
        catch (BusException failure)
        {
            (VirtualMachineError error, string text) = failure.Error switch
            {
                BusError.TooManyChannels => (VirtualMachineError.TooManyChannels, $"The guest has no room for another channel to {port}."),
                BusError.TimedOut => (VirtualMachineError.TimedOut, $"The guest service did not answer the wish for {port} in time."),
                _ =>
                    (VirtualMachineError.ChannelNotReady,
                        $"The guest service has gone, so {port} cannot be reached. Wait for the ready event."),
            };
            throw Refused(endpoints, ChannelSide.Link, error, text, failure);
        }
    }

    private void TakePlace(ChannelEndpoints endpoints)
    {
        bool someAreClosing;
        lock (sync)
        {
            if (channels.Count + starting < maximum)
            {
                starting++;
                return;
            }

            someAreClosing = channels.Keys.Any(channel => channel.IsClosing);
        }

        throw someAreClosing
            ? Refused(endpoints, ChannelSide.Host, VirtualMachineError.ChannelsClosing,
                $"All {maximum} channels of the machine '{machineName}' are taken, and some are just closing. Try again.")
            : Refused(endpoints, ChannelSide.Host, VirtualMachineError.TooManyChannels,
                $"All {maximum} channels of the machine '{machineName}' are taken. End one first.");
    }

    /// <summary>Gives the place back, or to the channel that was made.</summary>
    private void GivePlace(CommunicationChannel? channel, BusConnection bus)
    {
        lock (sync)
        {
            starting--;
            if (channel is not null)
            {
                lastBus = bus;
                channels.Add(channel, RunAsync(channel));
                looking ??= timeProvider.CreateTimer(_ => Describe(lastBus), null, LookInterval, LookInterval);
            }
        }
    }

    private async Task RunAsync(CommunicationChannel channel)
    {
        // Not under the lock that the caller holds.
        await Task.Yield();
        try
        {
            await channel.RunAsync();
        }
        finally
        {
            lock (sync)
            {
                channels.Remove(channel);
                if (channels.Count == 0)
                {
                    looking?.Dispose();
                    looking = null;
                }

                carriedByEnded = (carriedByEnded.ToGuest + channel.Carried.ToGuest, carriedByEnded.ToHost + channel.Carried.ToHost);
            }
        }
    }

    private VirtualMachineException Refused(
        ChannelEndpoints endpoints, ChannelSide side, VirtualMachineError error, string reason, Exception? cause = null)
    {
        ChannelLog.ChannelRefused(logger, machineName, endpoints.Pipe, endpoints.GuestPort, side, error, reason);
        return new VirtualMachineException(error, reason, cause);
    }
}
