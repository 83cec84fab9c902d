using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>
/// The integration messages on one connection: facts first, then heartbeats as often as the host asks, facts again when they have changed,
/// and answers to the host's requests, one after the other, so that a host that asks too much waits for itself.
/// </summary>
/// <param name="channel">The channel. Its owner disposes it.</param>
/// <param name="options">What the service bears.</param>
/// <param name="machine">The machine that we are in.</param>
/// <param name="facts">The operating system that we are in.</param>
/// <param name="devices">Lists the integration devices.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class IntegrationSession(
    IntegrationChannel channel,
    GuestServiceOptions options,
    IGuestMachine machine,
    IOperatingSystemFacts facts,
    Func<IReadOnlyList<IntegrationDevice>> devices,
    ILogger logger) : IHostNotifier
{
    /// <summary>How long the host may take to take a message that it has not asked for.</summary>
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromSeconds(2);

    private readonly RequestHandler requests = new(machine, devices);

    /// <summary>Completed and replaced when the host asks for another interval.</summary>
    private TaskCompletionSource intervalChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TimeSpan interval = TimeSpan.FromMilliseconds(HeartbeatSettings.DefaultIntervalMilliseconds);

    /// <summary>Tells the host what the guest is. For the host the guest is there from then on.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it was told.</returns>
    /// <exception cref="BusException">The channel failed.</exception>
    public async Task<GuestFacts> IntroduceAsync(CancellationToken cancellationToken)
    {
        GuestFacts first = ReadFacts();
        await channel.SendAsync(first, cancellationToken);
        return first;
    }

    /// <summary>Talks until the host has sent its last message.</summary>
    /// <param name="told">What the host knows of the guest.</param>
    /// <param name="cancellationToken">Ends the talk.</param>
    /// <exception cref="BusException">The channel failed, or the host broke the protocol.</exception>
    public async Task RunAsync(GuestFacts told, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task beating = BeatAsync(told, ending.Token);
        machine.UseHost(this);
        try
        {
            while (await channel.ReceiveAsync(cancellationToken) is { } message)
            {
                await HandleAsync(message, cancellationToken);
            }
        }
        finally
        {
            machine.UseHost(null);
            await ending.CancelAsync();
            await beating;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> TellAsync(IntegrationMessage message)
    {
        using CancellationTokenSource limit = new(NoticeLimit, options.TimeProvider);
        try
        {
            await channel.SendAsync(message, limit.Token);
            return true;
        }
        catch (Exception e) when (e is BusException or OperationCanceledException)
        {
            // The host has gone, or does not read.
            return false;
        }
    }

    /// <inheritdoc/>
    public Task TellFactsAsync() => TellAsync(ReadFacts());

    private async Task HandleAsync(IntegrationMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case HeartbeatSettings settings:
                interval = settings.Interval();
                Interlocked.Exchange(ref intervalChanged, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                break;
            case Request request:
                RequestOutcome outcome = await requests.HandleAsync(request, cancellationToken);
                if (outcome.Announcement is not null)
                {
                    await channel.SendAsync(outcome.Response, cancellationToken);
                    await channel.SendAsync(outcome.Announcement, cancellationToken);
                    await BeginAsync(outcome, cancellationToken);
                }
                else
                {
                    await channel.SendAsync(outcome.Response, cancellationToken);
                }

                break;
            default:
                // A message for a host: the host is wrong, but nothing depends on it.
                break;
        }
    }

    private async Task BeginAsync(RequestOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            await outcome.Begin!(cancellationToken);
        }
        catch (RequestRefusedException e)
        {
            GuestServiceLog.RequestFailed(logger, e.Message);
        }
    }

    private async Task BeatAsync(GuestFacts sent, CancellationToken cancellationToken)
    {
        try
        {
            long readAt = options.TimeProvider.GetTimestamp();
            for (long sequence = 1; !cancellationToken.IsCancellationRequested; sequence++)
            {
                await channel.SendAsync(new Heartbeat(sequence), cancellationToken);
                await NextBeatAsync(cancellationToken);
                if (options.TimeProvider.GetElapsedTime(readAt) < options.FactsInterval)
                {
                    continue;
                }

                readAt = options.TimeProvider.GetTimestamp();
                GuestFacts now = ReadFacts();
                if (now != sent)
                {
                    await channel.SendAsync(now, cancellationToken);
                    sent = now;
                }
            }
        }
        catch (Exception e) when (e is BusException or OperationCanceledException)
        {
            // The receiver sees the same end and reports it.
        }
    }

    /// <summary>Waits one interval, counted anew when the host changes it.</summary>
    private async Task NextBeatAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed = Volatile.Read(ref intervalChanged).Task;
            using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task beat = Task.Delay(interval, options.TimeProvider, waiting.Token);
            if (await Task.WhenAny(beat, changed) == beat)
            {
                await beat;
                return;
            }

            await waiting.CancelAsync();
        }
    }

    private GuestFacts ReadFacts() => facts.Read() with
    {
        ComponentsVersion = GuestService.ComponentsVersion,
        Capabilities = machine.Capabilities,
    };
}
