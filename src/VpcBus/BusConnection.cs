using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Diagnostics;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus;

/// <summary>
/// One side of a bus: many pairs of byte channels over one link. The protocol page is docs/vpcbus.md.
/// </summary>
/// <remarks>
/// <para>One loop reads the link and one writes it; neither ever waits for the other or for a caller. The read loop accepts only bytes for
/// which credit was granted, so it always has room for them; answers are recorded in the pair or offer concerned. The write loop sends the
/// recorded answers first, then one frame of each channel that has bytes and credit, in turn. So bulk transfers in both directions on all
/// channels cannot deadlock, and a reader that stops blocks only its own channel.</para>
/// <para>One lock, the gate, guards all state. It is held for short operations, never during a wait or a call to a caller's code.
/// Everything that the other side sends is checked before it is used; a violation of the protocol ends the bus with
/// <see cref="BusError.Corrupt"/>and affects nothing else.</para>
/// </remarks>
public sealed partial class BusConnection : IAsyncDisposable
{
    private readonly Stream link;
    private readonly ILogger log;
    private readonly Dictionary<uint, BusChannelPair> pairs = [];
    private readonly CancellationTokenSource ending = new();
    private readonly CancellationTokenSource stopReading = new();
    private readonly CancellationTokenSource abandonWriting = new();
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long established;
    private long endedBytesSent;
    private long endedBytesReceived;
    private bool isClosing;
    private Task? closing;

    private BusConnection(Stream link, BusOptions options, Guid sessionId, BusPeer peer, IBusTransport transport)
    {
        this.link = link;
        Transport = transport;
        log = options.Logger;
        Options = options;
        established = options.TimeProvider.GetTimestamp();
        SessionId = sessionId;
        Peer = peer;
        offerSlots = new SemaphoreSlim(peer.MaxPendingOffers);

        // Even numbers are the host's, odd ones the guest's; 0 is not used.
        nextOffer = options.Side == BusSide.Host ? 2u : 1u;
        maxPayload = Math.Min(peer.MaxFramePayload, BusOptions.MaxMaxFramePayload);
        _ = completion.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Which end of the bus this is.</summary>
    public BusSide Side => Options.Side;

    /// <summary>What the other side has sent about itself in its hello.</summary>
    public BusPeer Peer { get; }

    /// <summary>This side's name for this connection, for logs.</summary>
    public Guid SessionId { get; }

    /// <summary>
    /// Ends when the bus has ended and its link is closed: in order after a goodbye, otherwise with a <see cref="BusException"/>.
    /// </summary>
    public Task Completion => completion.Task;

    /// <summary>Every channel that is open at this moment, two for each pair.</summary>
    public IReadOnlyList<BusChannelStatistics> Channels
    {
        get
        {
            lock (Gate)
            {
                List<BusChannelStatistics> statistics = new(pairs.Count * 2);
                foreach (BusChannelPair pair in pairs.Values)
                {
                    pair.AddStatistics(statistics);
                }

                return statistics;
            }
        }
    }

    /// <summary>Time since the bus was established.</summary>
    internal TimeSpan Age => Options.TimeProvider.GetElapsedTime(established);

    /// <summary>The sums over all channels so far.</summary>
    internal BusTotals Totals
    {
        get
        {
            lock (Gate)
            {
                (long sent, long received) = (endedBytesSent, endedBytesReceived);
                foreach (BusChannelPair pair in pairs.Values)
                {
                    sent += pair.Bytes.Sent;
                    received += pair.Bytes.Received;
                }

                return new BusTotals(pairs.Count, sent, received);
            }
        }
    }

    /// <summary>Guards all state of the bus, its offers and its pairs.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>The options of this side.</summary>
    internal BusOptions Options { get; }

    /// <summary>The transport of the channel pairs' bytes.</summary>
    internal IBusTransport Transport { get; }

    /// <summary>Why the bus has ended or is being closed; null while neither is so. Guarded by the gate.</summary>
    internal BusException? EndError { get; private set; }

    /// <summary>Exchanges the greeting with the other side over a new link and returns the bus.</summary>
    /// <param name="link">A byte stream in both directions that transmits what is written to it without waiting for more. From here on the
    /// bus owns it and closes it, also when this method fails.</param>
    /// <param name="options">Which side this is, and its limits.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the link is neither used nor closed.</exception>
    /// <exception cref="BusException"><see cref="BusError.RevisionMismatch"/> on both sides when they have no common revision or are the
    /// same side; <see cref="BusError.Corrupt"/>, <see cref="BusError.LinkLost"/> or <see cref="BusError.TimedOut"/>.</exception>
    public static async Task<BusConnection> EstablishAsync(Stream link, BusOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Guid sessionId = Guid.NewGuid();
        try
        {
            (BusPeer peer, IBusTransport transport) = await Handshake.RunAsync(link, options, sessionId, cancellationToken);
            BusConnection bus = new(link, options, sessionId, peer, transport);
            transport.Start(bus);
            BusLog.Established(options.Logger, options.Side, peer.Side, peer.ComponentVersion, peer.Revision, sessionId, peer.SessionId);
            BusMetrics.Add(bus);
            _ = bus.RunAsync();
            return bus;
        }
        catch (Exception failure)
        {
            if (failure is BusException refusal)
            {
                BusLog.Refused(options.Logger, options.Side, refusal.Error, refusal.Message);
            }

            await CloseLinkAsync(link);
            throw;
        }
    }

    /// <summary>
    /// Ends the bus in order: no more offers are accepted, pairs whose output is completed deliver their bytes, the others are reset, the
    /// sides send goodbye, and the link is closed. Each step takes at most <see cref="BusOptions.CloseTimeout"/>. Returns when the bus has
    /// ended in any way; <see cref="Completion"/> shows how. Calling it again waits for the same end.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait; the bus then ends at once.</param>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        Task closing;
        lock (Gate)
        {
            // A second caller waits for the same end.
#pragma warning disable RS0030 // The first caller must not wait for the close while it holds the gate; all callers await it.
            closing = this.closing ??= Task.Run(CloseInOrderAsync, CancellationToken.None);
#pragma warning restore RS0030
        }

        try
        {
            await closing.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            StopReading(new BusException(BusError.Closed, "This side closed the bus and did not wait for the other."));
            await closing;
            throw;
        }
    }

    /// <summary>Ends the bus as <see cref="CloseAsync"/> does. Never throws a bus error.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
    }

    /// <summary>
    /// The other side has violated the protocol on a ring: ends the bus. Can be called on any thread, with any lock held.
    /// </summary>
    internal void EndAsCorrupt(BusException corrupt) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Bus.StopReading(state.Corrupt), (Bus: this, Corrupt: corrupt), preferLocal: false);

    /// <summary>A pair has ended. Under the gate.</summary>
    internal void Forget(BusChannelPair pair)
    {
        if (pairs.Remove(pair.Number))
        {
            AddToTotals(pair);
        }
    }

    private static async Task CloseLinkAsync(Stream link)
    {
        try
        {
            await link.DisposeAsync();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A link that fails while it is being closed counts as closed.
        }
    }

    private async Task CloseInOrderAsync()
    {
        BusException closed = new(BusError.Closed, "This side closed the bus.");
        List<Task> outputs = [];
        lock (Gate)
        {
            if (EndError is null)
            {
                isClosing = true;
                EndError = closed;
                EndOffers(closed);
                foreach (BusChannelPair pair in pairs.Values.ToArray())
                {
                    if (pair.Writer.IsCompleted)
                    {
                        outputs.Add(SettleAsync(pair.OutputCompletion, Options.CloseTimeout));
                    }
                    else
                    {
                        pair.Reset(closed);
                    }
                }
            }
        }

        await ending.CancelAsync();
        WakeWriter();
        await Task.WhenAny(Task.WhenAll(outputs), completion.Task);
        lock (Gate)
        {
            foreach (BusChannelPair pair in pairs.Values.ToArray())
            {
                pair.Reset(closed);
            }

            RequestGoodbye(null, "");
        }

        WakeWriter();
        await SettleAsync(completion.Task, Options.CloseTimeout);
        if (!completion.Task.IsCompleted)
        {
            StopReading(new BusException(
                BusError.TimedOut,
                $"The {Peer.Side} did not say goodbye within {Options.CloseTimeout.TotalSeconds:0.###} s after this side did."));
            await completion.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Adds the bytes of a pair that ends to the sums of the bus. Under the gate.</summary>
    private void AddToTotals(BusChannelPair pair)
    {
        endedBytesSent += pair.Bytes.Sent;
        endedBytesReceived += pair.Bytes.Received;
    }

    /// <summary>Waits until a task has ended in any way, but not longer than the limit.</summary>
    private async Task SettleAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, Options.TimeProvider);
        }
        catch (Exception failure) when (failure is TimeoutException or BusException)
        {
            // The owner of the task handles its failure; here only its end or the limit matters.
        }
    }

    /// <summary>Sends a Ping when nothing has arrived for a while, and ends the bus when there is no answer.</summary>
    private async Task KeepAliveAsync()
    {
        if (Options.KeepAliveInterval == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        try
        {
            long reads = Volatile.Read(ref this.reads);
            bool asked = false;
            while (true)
            {
                await Task.Delay(Options.KeepAliveInterval, Options.TimeProvider, ending.Token);
                bool silent = reads == Volatile.Read(ref this.reads);
                if (silent && asked)
                {
                    StopReading(new BusException(
                        BusError.LinkLost,
                        $"The {Peer.Side} was silent for {2 * Options.KeepAliveInterval.TotalSeconds:0.###} s and did not answer."));
                    return;
                }

                asked = silent;
                reads = Volatile.Read(ref this.reads);
                if (asked)
                {
                    lock (Gate)
                    {
                        pingPending = true;
                        QueueControl(this);
                    }

                    WakeWriter();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The bus has ended, or is being closed; closing has a time limit of its own.
        }
    }

    /// <summary>Runs the bus from the hello until the link is closed.</summary>
    private async Task RunAsync()
    {
        Task writing = WriteAsync();
        Task keepingAlive = KeepAliveAsync();
        BusException? failure = await ReadAsync();

        // Ends everything that is still open: there is no other side any more.
        lock (Gate)
        {
            BusException reason = failure
                ?? (isClosing ? EndError! : new BusException(BusError.Closed, "The other side closed the bus."));
            EndError ??= reason;
            EndOffers(reason);
            foreach (BusChannelOffer offer in incomingOffers.Values)
            {
                offer.EndWithBus();
            }

            foreach (BusChannelPair pair in pairs.Values)
            {
                pair.FailWithBus(reason);
                AddToTotals(pair);
            }

            pairs.Clear();
            RequestGoodbye(failure, failure?.Message ?? "");
        }

        await ending.CancelAsync();
        WakeWriter();
        await keepingAlive;

        // Sending the goodbye may take a moment, but a peer that does not read it must not keep the link open.
        await SettleAsync(writing, failure is null ? Options.CloseTimeout : GoodbyeLimit);
        await stopReading.CancelAsync();
        await abandonWriting.CancelAsync();
        await CloseLinkAsync(link);
        StopWriting();
        await SettleAsync(writing, Options.CloseTimeout);
        BusMetrics.Remove(this, failure);
        Transport.Close();
        if (failure is null)
        {
            BusLog.Ended(log, Side, SessionId);
            completion.TrySetResult();
        }
        else
        {
            BusLog.Failed(log, Side, SessionId, failure.Error, failure.Message);
            completion.TrySetException(failure);
        }
    }
}
