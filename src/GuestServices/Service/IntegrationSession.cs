using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>
/// The integration messages on one connection: facts first, then heartbeats at the interval that the host sets, facts again when they have
/// changed, and answers to the host's requests. Requests are handled one after the other, so a host that sends too many has to wait.
/// </summary>
/// <param name="channel">The channel. Its owner disposes it.</param>
/// <param name="options">The limits of the service.</param>
/// <param name="machine">The guest's machine.</param>
/// <param name="facts">Reads information about the guest's operating system.</param>
/// <param name="devices">Lists the integration devices.</param>
/// <param name="logger">Receives log messages.</param>
internal sealed class IntegrationSession(
    IntegrationChannel channel,
    GuestServiceOptions options,
    IGuestMachine machine,
    IOperatingSystemFacts facts,
    Func<IReadOnlyList<IntegrationDevice>> devices,
    ILogger logger) : IHostNotifier
{
    /// <summary>How long sending a message may take that the host has not requested.</summary>
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromSeconds(2);

    private readonly RequestHandler requests = new(machine, devices);

    /// <summary>Completed and replaced when the host sets another interval.</summary>
    private TaskCompletionSource intervalChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TimeSpan interval = TimeSpan.FromMilliseconds(HeartbeatSettings.DefaultIntervalMilliseconds);

    /// <summary>Sends the facts to the host. From then on the guest is up for the host.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The facts that were sent.</returns>
    /// <exception cref="BusException">The channel failed.</exception>
    public async Task<GuestFacts> IntroduceAsync(CancellationToken cancellationToken)
    {
        GuestFacts first = ReadFacts();
        await channel.SendAsync(first, cancellationToken);
        return first;
    }

    /// <summary>Exchanges messages until the host has sent its last one.</summary>
    /// <param name="sent">The facts that were sent to the host.</param>
    /// <param name="cancellationToken">Ends the exchange.</param>
    /// <exception cref="BusException">The channel failed, or the host violated the protocol.</exception>
    public async Task RunAsync(GuestFacts sent, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task beating = BeatAsync(sent, ending.Token);
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
    public async Task<bool> NotifyAsync(IntegrationMessage message)
    {
        using CancellationTokenSource limit = new(NoticeLimit, options.TimeProvider);
        try
        {
            await channel.SendAsync(message, limit.Token);
            return true;
        }
        catch (Exception e) when (e is BusException or OperationCanceledException)
        {
            // The host has disconnected, or does not read.
            return false;
        }
    }

    /// <inheritdoc/>
    public Task SendFactsAsync() => NotifyAsync(ReadFacts());

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
                // A message that only a host may receive. The host is wrong to send it, but it can be ignored.
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
            // The receive loop detects the same end and reports it.
        }
    }

    /// <summary>Waits one interval, which begins again when the host changes it.</summary>
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
