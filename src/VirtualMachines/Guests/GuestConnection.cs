using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// One connection to a guest service, from its first words to its end. What the guest says is untrusted: the bus checks the form, this
/// class the sense, and everything that is kept of it is bounded.
/// </summary>
internal sealed class GuestConnection : IAsyncDisposable
{
    /// <summary>How long a guest may take from the link's beginning to its first facts.</summary>
    internal static readonly TimeSpan IntroductionLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long the steps of the bus's orderly end may take. What is worth waiting for is through by then.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    /// <summary>Bus channel pairs that are not communication channels, with some to spare for pairs that are just ending.</summary>
    private const int SparePairs = 16;

    /// <summary>The most offers that a guest may have unanswered. It has one service to offer.</summary>
    private const int MaximumOffers = 4;

    /// <summary>A guest that says its clock is further off is not believed.</summary>
    private static readonly TimeSpan MaximumClockOffset = TimeSpan.FromDays(100 * 365);

    /// <summary>The most notifications of a guest that are passed on in a minute.</summary>
    private const int MaximumNotifications = 30;

    /// <summary>
    /// What reading the facts costs, beside a heartbeat: they are long, and an honest guest sends them when they have changed.
    /// </summary>
    private const int CostOfFacts = 50;

    private const int MaximumDevices = 4 * CommunicationChannelSet.DefaultMaximum;

    private readonly string machineName;
    private readonly IntegrationChannel integration;
    private readonly GuestRequests requests;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly NotificationLimit notifications;
    private readonly MessagePace pace;
    private readonly Lock sync = new();
    private readonly CancellationTokenSource ended = new();
    private TimeSpan? clockOffset;
    private volatile VpcBus.Integration.GuestFacts said;
    private volatile GuestFacts facts;
    private volatile bool hasRemovedComponents;

    private GuestConnection(
        string machineName, BusConnection bus, IntegrationChannel integration, VpcBus.Integration.GuestFacts said,
        TimeProvider timeProvider,
        ILogger logger)
    {
        this.machineName = machineName;
        Bus = bus;
        this.integration = integration;
        requests = new GuestRequests(machineName, integration, timeProvider, ended.Token);
        this.said = said;
        facts = GuestFactsReader.Read(said);
        this.timeProvider = timeProvider;
        this.logger = logger;
        pace = new MessagePace(timeProvider);
        notifications = new NotificationLimit(MaximumNotifications, TimeSpan.FromMinutes(1), timeProvider);
    }

    /// <summary>The bus.</summary>
    internal BusConnection Bus { get; }

    /// <summary>What the guest says of itself.</summary>
    internal GuestFacts Facts => facts;

    /// <summary>The version of the integration components.</summary>
    internal string ComponentsVersion => GuestText.Bound(said.ComponentsVersion);

    /// <summary>Whether the guest has said that its integration components are being removed. They answer for a moment yet.</summary>
    internal bool HasRemovedComponents => hasRemovedComponents;

    /// <summary>Greets the guest service on a fresh link and waits until its integration services are up.</summary>
    /// <param name="link">The link; the connection owns it, also when this method fails.</param>
    /// <param name="machineName">For texts.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="busLogger">Where the bus reports.</param>
    /// <param name="logger">Where this class reports.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="BusException">The guest does not fit, does not answer, or broke the protocol.</exception>
    internal static async Task<GuestConnection> EstablishAsync(
        Stream link, string machineName, TimeProvider timeProvider, ILogger busLogger, ILogger logger, CancellationToken cancellationToken)
    {
        BusConnection bus = await BusConnection.EstablishAsync(
            link,
            new BusOptions
            {
                Side = BusSide.Host,
                ComponentVersion = OwnVersion,
                Name = machineName,
                MaxChannelPairs = CommunicationChannelSet.DefaultMaximum + SparePairs,
                MaxPendingOffers = MaximumOffers,
                CloseTimeout = CloseLimit,
                TimeProvider = timeProvider,
                Logger = busLogger,
            },
            cancellationToken);
        try
        {
            using CancellationTokenSource limit = new(IntroductionLimit, timeProvider);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                IntegrationChannel integration = await ReceiveIntegrationAsync(bus, either.Token);
                VpcBus.Integration.GuestFacts said = await ReceiveFactsAsync(integration, either.Token);
                return new GuestConnection(machineName, bus, integration, said, timeProvider, logger);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new BusException(
                    BusError.TimedOut,
                    $"The guest service did not introduce itself within {IntroductionLimit.TotalSeconds:0} s.");
            }
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }

    /// <summary>Listens to the guest until the connection ends.</summary>
    /// <param name="interval">How often the guest is to give a sign of life.</param>
    /// <param name="heard">Called for each tick.</param>
    /// <param name="shutdownStarted">Called when the guest's system begins to end.</param>
    /// <param name="loggedOff">Called when the users of the guest have logged off, with the contract's VMLogoffType.</param>
    /// <param name="componentsRemoved">Called when the guest service is being removed.</param>
    /// <param name="cancellationToken">Stops listening; the connection can only be disposed then.</param>
    /// <exception cref="BusException">How the connection ended, when not in order.</exception>
    internal async Task ListenAsync(
        TimeSpan interval,
        Action heard,
        Action shutdownStarted,
        Action<int> loggedOff,
        Action componentsRemoved,
        CancellationToken cancellationToken)
    {
        Task offers = RefuseOffersAsync();
        try
        {
            await AskForHeartbeatAsync(interval, cancellationToken);
            while (await integration.ReceiveAsync(cancellationToken) is { } message)
            {
                await pace.TakeAsync(message is VpcBus.Integration.GuestFacts ? CostOfFacts : 1, cancellationToken);
                switch (message)
                {
                    case Heartbeat:
                        heard();
                        break;
                    case VpcBus.Integration.GuestFacts changed:
                        said = changed;
                        facts = GuestFactsReader.Read(changed);
                        break;
                    case Response response:
                        requests.Complete(response);
                        break;
                    case GuestShutdownStarted when MayNotify():
                        shutdownStarted();
                        break;
                    case GuestLoggedOff logoff when MayNotify():
                        loggedOff(LogoffType(logoff.Kind));
                        break;
                    case ComponentsRemoved when !hasRemovedComponents:
                        hasRemovedComponents = true;
                        componentsRemoved();
                        break;
                    default:
                        // Too much of something, or a message that hosts send.
                        break;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            requests.FailAll();
            await offers;
        }

        // The guest closed its integration services in order; the rest of the bus follows, or is ended by the owner.
        await Task.WhenAny(Bus.Completion, Task.Delay(CloseLimit, timeProvider, cancellationToken));
    }

    /// <summary>Asks the guest to give signs of life from now on. A guest that does not take the question does not beat either.</summary>
    /// <exception cref="BusException">The connection has ended.</exception>
    internal async Task AskForHeartbeatAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(GuestRequests.Limit, timeProvider);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended.Token, cancellationToken);
        try
        {
            await integration.SendAsync(new HeartbeatSettings((int)interval.TotalMilliseconds), either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The monitor reports the silence.
        }
    }

    /// <summary>By how much the guest's clock was ahead of the host's when they were compared last; null before that.</summary>
    internal TimeSpan? ClockOffset
    {
        get
        {
            lock (sync)
            {
                return clockOffset;
            }
        }
    }

    /// <summary>Compares the guest's clock with the host's, and sets it if that is wanted.</summary>
    /// <param name="set">Whether the guest's clock is to follow.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The guest refused, did not answer in time, or has gone.</exception>
    internal async Task SynchronizeClockAsync(bool set, CancellationToken cancellationToken)
    {
        Response answer = await AskAsync(
            id => Request.SynchronizeClock(id, timeProvider.GetUtcNow(), set), "compare its clock with the host's", cancellationToken);
        if (long.TryParse(answer.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long milliseconds)
            && milliseconds / MaximumClockOffset.TotalMilliseconds is > -1 and < 1)
        {
            lock (sync)
            {
                clockOffset = TimeSpan.FromMilliseconds(milliseconds);
            }
        }
    }

    /// <summary>Whether the guest service can do something; see <see cref="IntegrationCapabilities"/>.</summary>
    internal bool Can(string capability) => said.Can(capability);

    /// <inheritdoc cref="GuestRequests.AskAsync"/>
    internal Task<Response> AskAsync(Func<long, Request> compose, string what, CancellationToken cancellationToken) =>
        requests.AskAsync(compose, what, cancellationToken);

    /// <summary>Reads a list of devices that the guest answered with.</summary>
    /// <exception cref="VirtualMachineException">It cannot be read.</exception>
    internal IReadOnlyList<IntegrationDevice> ReadDevices(string? value)
    {
        try
        {
            return
            [
                .. IntegrationCodec.DecodeDevices(value ?? "[]").Take(MaximumDevices).Select(device => new IntegrationDevice(
                    VpcBus.Integration.IntegrationDevice.Name,
                    device.Id,
                    GuestText.Bound(device.Service),
                    device.Direction == "sending" ? "guest to host" : "host to guest"))
            ];
        }
        catch (BusException corrupt)
        {
            throw new VirtualMachineException(
                VirtualMachineError.Unexpected,
                $"The guest of the machine '{machineName}' gave a list of devices that cannot be read.", corrupt);
        }
    }

    /// <summary>Ends the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        requests.FailAll();
        await Bus.DisposeAsync();
    }

    /// <summary>Ends it without a goodbye: a guest whose processor stands still would not answer.</summary>
    internal async Task AbandonAsync()
    {
        await ended.CancelAsync();
        requests.FailAll();
        await Bus.CloseAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string OwnVersion => Assembly.GetExecutingAssembly().GetName().Version?.ToString() ?? string.Empty;

    private static async Task<IntegrationChannel> ReceiveIntegrationAsync(BusConnection bus, CancellationToken cancellationToken)
    {
        while (await bus.ReceiveOfferAsync(cancellationToken) is { } offer)
        {
            if (offer.Service == IntegrationProtocol.ServiceName)
            {
                return new IntegrationChannel(await offer.AcceptAsync(cancellationToken));
            }

            await RefuseAsync(offer);
        }

        // Faults with the reason, when there is one.
        await bus.Completion;
        throw new BusException(BusError.Closed, "The guest service closed the bus before it introduced itself.");
    }

    private static async Task<VpcBus.Integration.GuestFacts> ReceiveFactsAsync(
        IntegrationChannel integration, CancellationToken cancellationToken)
    {
        IntegrationMessage? first = await integration.ReceiveAsync(cancellationToken);
        return first as VpcBus.Integration.GuestFacts
            ?? throw new BusException(BusError.Corrupt, "The guest service's first words are no facts about the guest.");
    }

    private static Task RefuseAsync(BusChannelOffer offer) =>
        offer.RejectAsync((int)RelayRejection.UnknownService, $"The host serves '{IntegrationProtocol.ServiceName}' alone, and once.");

    private static int LogoffType(string kind) => kind switch
    {
        GuestLoggedOff.Forced => 1,
        GuestLoggedOff.External => 2,
        _ => 0,
    };

    /// <summary>A guest has nothing more to offer; each offer is answered, so that none waits for its time limit.</summary>
    private async Task RefuseOffersAsync()
    {
        try
        {
            while (await Bus.ReceiveOfferAsync(ended.Token) is { } offer)
            {
                await RefuseAsync(offer);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ends.
        }
    }

    private bool MayNotify()
    {
        bool admitted = notifications.Admit(out bool isFirstTooMany);
        if (isFirstTooMany)
        {
            ChannelLog.NotificationsDropped(logger, machineName);
        }

        return admitted;
    }
}
