using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// The host's side of one run of a machine: keeps a bus to the guest service for as long as the machine runs, knows whether channels can be
/// started, and owns them. Made when the machine has been powered up, disposed before <see cref="IRunningMachine"/> is.
/// <para>
/// One loop waits for a link, greets the guest service, listens to it until the link ends, and waits anew: a guest reboots, and its service
/// restarts. From <see cref="DropGuestAsync"/> to <see cref="ExpectGuest"/> there is no loop, so that a guest on its way out is not taken
/// for one that has come.
/// </para>
/// </summary>
/// <remarks>
/// Longer than other files, because the loop, readiness and the end of a session depend on each other and share one lock.
/// </remarks>
internal sealed class GuestSession : IAsyncDisposable
{
    /// <summary>
    /// The wait after a guest was lost or could not be greeted. It doubles while that happens again soon, up to <see cref="LongestWait"/>.
    /// </summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly IRunningMachine machine;
    private readonly GuestSessionOptions options;
    private readonly ILogger logger;
    private readonly ILogger busLogger;
    private readonly HeartbeatPlan plan;
    private readonly HeartbeatMonitor heartbeat;
    private readonly CommunicationChannelSet channels;
    private readonly GuestReports reports;
    private readonly Lock sync = new();
    private TaskCompletionSource ready = NewSignal();
    private TaskCompletionSource gone = NewSignal();
    private GuestConnection? connection;
    private string? mismatch;
    private string? dropReason;
    private bool isDisposed;
    private volatile bool isPaused;
    private Task looking = Task.CompletedTask;

    // Replaced with each loop, and never disposed: without a timer it holds nothing.
    private CancellationTokenSource stopLooking = new();

    /// <summary>Makes a session that does not look for the guest yet: <see cref="ExpectGuest"/>.</summary>
    /// <param name="machine">The machine that has been powered up.</param>
    /// <param name="options">What the session is made of.</param>
    internal GuestSession(IRunningMachine machine, GuestSessionOptions options)
    {
        this.machine = machine;
        this.options = options;
        logger = options.LoggerFactory.CreateLogger<GuestSession>();
        busLogger = options.LoggerFactory.CreateLogger<BusConnection>();
        plan = HeartbeatPlan.Read(options.Configuration);
        heartbeat = new HeartbeatMonitor(
            plan, options.TimeProvider, () => options.Occurred(MachineOccurrence.HeartbeatStopped, 0), AskForHeartbeat);
        channels = new CommunicationChannelSet(options.MachineName, options.MaximumChannels, options.TimeProvider, logger);
        reports = new GuestReports(options.MachineName, options.TimeProvider, logger);
        End = new GuestEnd(options.TimeProvider);
        RdpPipeName = PipeName.Prefix + "vpc-rdp-" + RandomNumberGenerator.GetHexString(32, lowercase: true);
    }

    /// <summary>The name of the pipe to the guest's desktop, as <c>\\.\pipe\...</c>; unique a run. Reading it creates nothing.</summary>
    internal string RdpPipeName { get; }

    /// <summary>Whether the guest has been asked to end.</summary>
    internal GuestEnd End { get; }

    /// <summary>Whether the guest service is up.</summary>
    internal bool IsReady => Connection is not null;

    /// <summary>The connection to the guest service, or null while it is not up.</summary>
    internal GuestConnection? Connection
    {
        get
        {
            lock (sync)
            {
                return connection;
            }
        }
    }

    /// <summary>Ticks received in the last minute, in percent of those expected.</summary>
    internal int HeartbeatPercentage => heartbeat.Percentage;

    /// <summary>Whether ticks arrive.</summary>
    internal bool IsHeartbeating => heartbeat.IsBeating;

    /// <summary>The open communication channels and what they have carried.</summary>
    internal IReadOnlyList<CommunicationChannelStatus> Channels => channels.Describe(Connection?.Bus);

    /// <summary>
    /// The bytes that all communication channels of this run, also those that have ended, have carried in each direction.
    /// </summary>
    internal (long ToGuest, long ToHost) CarriedByChannels => channels.ReadCarried(Connection?.Bus);

    /// <summary>
    /// Completes when the guest service is up; fails with <see cref="VirtualMachineError.MachineNotRunning"/> when the session ends first.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task WaitForReadyAsync(CancellationToken cancellationToken)
    {
        lock (sync)
        {
            return ready.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Completes when a guest service has gone and another one has come, as when the guest boots again; fails with
    /// <see cref="VirtualMachineError.MachineNotRunning"/> when the session ends first.
    /// </summary>
    /// <param name="guest">The guest service that is to go.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task WaitForSuccessorAsync(GuestConnection guest, CancellationToken cancellationToken)
    {
        Task going;
        lock (sync)
        {
            going = connection == guest ? gone.Task : Task.CompletedTask;
        }

        await going.WaitAsync(cancellationToken);
        await WaitForReadyAsync(cancellationToken);
    }

    /// <summary>A token source that is cancelled after a time, by the session's clock.</summary>
    internal CancellationTokenSource NewLimit(TimeSpan limit) => new(limit, options.TimeProvider);

    /// <summary>
    /// Opens a communication channel. The caller has checked the machine's state; readiness, name and limits are checked here, in this
    /// order.
    /// </summary>
    /// <param name="endpoints">The channel's ends.</param>
    /// <param name="cancellationToken">Gives the channel up; nothing is left behind then.</param>
    /// <exception cref="VirtualMachineException">Refused, and nothing is left behind.</exception>
    internal async Task StartChannelAsync(ChannelEndpoints endpoints, CancellationToken cancellationToken) =>
        await channels.StartAsync(RequireReady(endpoints).Bus, endpoints, cancellationToken);

    /// <summary>The guest's processor has been stopped: silence is no failure of the guest from now on.</summary>
    internal void Pause()
    {
        isPaused = true;
        heartbeat.Pause();
    }

    /// <summary>The guest goes on.</summary>
    internal void Resume()
    {
        isPaused = false;
        heartbeat.Resume();
    }

    /// <summary>
    /// The machine is being reset, saved or turned off: ends all channels with that reason, and forgets the guest until
    /// <see cref="ExpectGuest"/>.
    /// </summary>
    /// <param name="reason">Why, for the event log: "the machine was reset".</param>
    internal async Task DropGuestAsync(string reason)
    {
        CancellationTokenSource stop;
        Task loop;
        lock (sync)
        {
            dropReason = reason;
            stop = stopLooking;
            loop = looking;
        }

        BecomeUnready();
        heartbeat.Forget();
        channels.StopAll(reason);
        await stop.CancelAsync();
        await loop;
        await channels.WaitForEndAsync();
    }

    /// <summary>
    /// Looks for the guest service, until <see cref="DropGuestAsync"/> or the end. Called when the machine has come to run, was reset, or
    /// could not be saved; a session that is looking goes on.
    /// </summary>
    internal void ExpectGuest()
    {
        lock (sync)
        {
            if (!isDisposed && looking.IsCompleted)
            {
                dropReason = null;
                stopLooking = new CancellationTokenSource();
                CancellationToken stop = stopLooking.Token;
#pragma warning disable RS0030 // The caller holds the gate; dropping the guest waits for the loop.
                looking = Task.Run(() => LookForGuestAsync(stop), CancellationToken.None);
#pragma warning restore RS0030
            }
        }
    }

    /// <summary>Ends all channels, resets the ready event and leaves nothing behind.</summary>
    public async ValueTask DisposeAsync()
    {
        string reason;
        lock (sync)
        {
            if (isDisposed)
            {
                return;
            }

            isDisposed = true;
            reason = dropReason ?? "the machine has ended";
        }

        await DropGuestAsync(reason);
        lock (sync)
        {
            ready.TrySetException(NotRunning());
        }

        heartbeat.Dispose();
        options.ReadyEvent.Dispose();
    }

    /// <summary>A signal whose failure need not be noticed by anybody.</summary>
    private static TaskCompletionSource NewSignal()
    {
        TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = signal.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return signal;
    }

    private bool FollowsClock =>
        !options.Configuration.TryGetValue(ConfigurationKeys.HostTimeSync, out object? value) || value is not false;

    private VirtualMachineException NotRunning() =>
        new(VirtualMachineError.MachineNotRunning, $"The machine '{options.MachineName}' has stopped. Start it first.");

    private GuestConnection RequireReady(ChannelEndpoints endpoints)
    {
        VirtualMachineError error;
        string reason;
        lock (sync)
        {
            if (connection is not null)
            {
                return connection;
            }

            if (isDisposed)
            {
                throw NotRunning();
            }

            (error, reason) = mismatch is not null
                ? (VirtualMachineError.RevisionMismatch,
                    $"The guest service of the machine '{options.MachineName}' does not fit this version of the host, see the event log. "
                        + $"{mismatch}")
                : (VirtualMachineError.ChannelNotReady,
                    $"The guest service of the machine '{options.MachineName}' is not up yet. Wait for the ready event, then try again.");
            reports.ChannelRefused(endpoints, error, reason);
        }

        throw new VirtualMachineException(error, reason)
        {
            Remedy = error == VirtualMachineError.ChannelNotReady ? new Remedy(RemedyAction.WaitForGuest, options.MachineName) : null,
        };
    }

    private async Task LookForGuestAsync(CancellationToken stop)
    {
        TimeSpan wait = ShortestWait;
        while (!stop.IsCancellationRequested)
        {
            long began = options.TimeProvider.GetTimestamp();
            Exception? trouble = null;
            try
            {
                await MeetGuestAsync(wait == ShortestWait ? busLogger : NullLogger.Instance, stop);
            }
#pragma warning disable CA1031 // Whatever is wrong with one link, the machine goes on, and the next link may be better.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                trouble = failure;
            }

            wait = options.TimeProvider.GetElapsedTime(began) > LongestWait ? ShortestWait : wait;
            await Task.Delay(wait, options.TimeProvider, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;

            // No trouble: the guest is not wanted any more, or its machine has ended, which is reported elsewhere.
            if (stop.IsCancellationRequested || machine.Ended.IsCompleted)
            {
                return;
            }

            if (trouble is not null)
            {
                ReportTrouble(trouble);
            }
        }
    }

    /// <summary>Waits for a guest, and listens to it until it has gone.</summary>
    private async Task MeetGuestAsync(ILogger linkLogger, CancellationToken stop)
    {
        Stream link = await machine.ConnectBusAsync(stop);
        GuestConnection guest = await GuestConnection.EstablishAsync(
            link, options.MachineName, options.TimeProvider, linkLogger, logger, stop);
        string reason = "it closed the connection";
        bool busFailed = false;
        bool brokeProtocol = false;
        bool isEntered = reports.AdmitComing();
        using CancellationTokenSource clockStop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task clock = Task.CompletedTask;
        try
        {
            if (BecomeReady(guest, isEntered))
            {
                clock = GuestClock.KeepAsync(guest, FollowsClock, options.TimeProvider, clockStop.Token);
                await guest.ListenAsync(
                    plan.Interval,
                    heartbeat.Tick,
                    OnShutdownStarted,
                    type => options.Occurred(MachineOccurrence.GuestLogoff, type),
                    OnComponentsRemoved,
                    stop);
            }
        }
        catch (BusException failure)
        {
            reason = failure.Message;
            busFailed = true;
            brokeProtocol = failure.Error == BusError.Corrupt;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            reason = dropReason ?? "the machine has ended";
        }
        finally
        {
            BecomeUnready();

            // After a failure of the bus each channel knows by itself how it failed.
            if (!busFailed)
            {
                channels.StopAll(dropReason ?? "the guest service has ended");
            }

            await clockStop.CancelAsync();
            await (isPaused ? guest.AbandonAsync() : guest.DisposeAsync().AsTask());
            await clock;
            if (brokeProtocol)
            {
                reports.ProtocolBroken(reason);
            }
            else if (isEntered)
            {
                reports.Gone(reason);
            }
        }
    }

    /// <returns>False when the guest has been dropped meanwhile.</returns>
    private bool BecomeReady(GuestConnection guest, bool isEntered)
    {
        lock (sync)
        {
            if (dropReason is not null)
            {
                return false;
            }

            connection = guest;
            End.Clear();
            gone = NewSignal();
            mismatch = null;
            heartbeat.Listen();
            options.ReadyEvent.Set();
            ready.TrySetResult();
        }

        if (isEntered)
        {
            reports.Ready(guest.ComponentsVersion);
        }

        options.ComponentsSeen(guest.ComponentsVersion);
        options.Occurred(MachineOccurrence.IntegrationComponentsAvailable, 0);
        options.Occurred(MachineOccurrence.EnhancedVideoModeChanged, 1);
        return true;
    }

    private void BecomeUnready()
    {
        lock (sync)
        {
            if (connection is null)
            {
                return;
            }

            connection = null;
            ready = NewSignal();
            gone.TrySetResult();
            options.ReadyEvent.Reset();
        }

        options.Occurred(MachineOccurrence.EnhancedVideoModeChanged, 0);
    }

    private void OnShutdownStarted()
    {
        heartbeat.Forget();
        options.Occurred(MachineOccurrence.GuestShutdown, 0);
    }

    private void OnComponentsRemoved()
    {
        // It ends, and no heartbeat is expected of it.
        heartbeat.Forget();
        options.ComponentsRemoved();
        if (reports.ComponentsRemoved())
        {
            options.Occurred(MachineOccurrence.IntegrationComponentsUninstalled, 0);
        }
    }

    /// <summary>Fire and forget: a guest that has stopped may not even take the question.</summary>
    private void AskForHeartbeat()
    {
        if (Connection is { } guest)
        {
            _ = AskAsync();
        }

        async Task AskAsync()
        {
            try
            {
                await guest.AskForHeartbeatAsync(plan.Interval, CancellationToken.None);
            }
            catch (BusException)
            {
                // The connection has ended, which its listener reports.
            }
        }
    }

    private void ReportTrouble(Exception failure)
    {
        if ((failure as BusException)?.Error != BusError.RevisionMismatch)
        {
            reports.Unreachable(failure);
            return;
        }

        bool isNews;
        lock (sync)
        {
            isNews = mismatch is null;
            mismatch = GuestReports.Bound(failure.Message);
        }

        if (isNews)
        {
            reports.RevisionMismatch(failure.Message);
        }
    }
}
