using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Diagnostics;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus;

/// <summary>
/// One side of a bus: many pairs of byte channels over one link. The protocol page is docs/vpcbus.md.
/// </summary>
/// <remarks>
/// <para>One loop reads the link and one writes it; neither ever waits for the other or for a caller. The read loop puts bytes only
/// where credit was granted, so it always has room; what it has to answer it notes in the pair or offer concerned. The write loop sends
/// what is noted first, then one frame of each channel that has bytes and credit, in turn. So bulk in both directions on all channels
/// cannot deadlock, and a reader that stops holds up its own channel alone.</para>
/// <para>All state is guarded by one gate, held for table look-ups and never across a wait or a call to anybody's code. Everything that
/// the other side sends is checked before it is believed; what breaks the protocol ends the bus with <see cref="BusError.Corrupt"/>, and
/// nothing else.</para>
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

    /// <summary>What the other end said about itself.</summary>
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

    /// <summary>Time since the bus was greeted.</summary>
    internal TimeSpan Age => Options.TimeProvider.GetElapsedTime(established);

    /// <summary>What all channels have done so far.</summary>
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

    /// <summary>How this side behaves.</summary>
    internal BusOptions Options { get; }

    /// <summary>What carries the bytes of the channel pairs.</summary>
    internal IBusTransport Transport { get; }

    /// <summary>Why the bus takes no more work, or null while it does. Guarded by the gate.</summary>
    internal BusException? EndError { get; private set; }

    /// <summary>Greets the other side over a fresh link and returns the bus.</summary>
    /// <param name="link">A byte stream in both directions that does not hold back what is written to it. From here on the bus owns it
    /// and closes it, also when this method fails.</param>
    /// <param name="options">Who this side is and what it bears.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the link is left alone.</exception>
    /// <exception cref="BusException"><see cref="BusError.RevisionMismatch"/> on both sides when they have no revision in common or are
    /// the same side; <see cref="BusError.Corrupt"/>, <see cref="BusError.LinkLost"/> or <see cref="BusError.TimedOut"/>.</exception>
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
    /// Ends the bus in order: no offers are taken any more, pairs whose output is completed get their bytes through, the others are reset,
    /// the sides say goodbye, the link is closed. Each step takes at most <see cref="BusOptions.CloseTimeout"/>. Returns when the bus has
    /// ended, however; <see cref="Completion"/> tells how. Calling it again waits for the same end.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting; the bus is then ended at once.</param>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        Task closing;
        lock (Gate)
        {
            // Whoever comes second waits for the same end.
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

    /// <summary>The rings broke the protocol: ends the bus. On any thread, under any lock.</summary>
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
            // A link that fails while it is closed is closed.
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

            OweGoodbye(null, "");
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

    /// <summary>Keeps what a pair that ends has carried. Under the gate.</summary>
    private void AddToTotals(BusChannelPair pair)
    {
        endedBytesSent += pair.Bytes.Sent;
        endedBytesReceived += pair.Bytes.Received;
    }

    /// <summary>Waits for a task to end, however, but not longer than the limit.</summary>
    private async Task SettleAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, Options.TimeProvider);
        }
        catch (Exception failure) when (failure is TimeoutException or BusException)
        {
            // Whoever owns the task knows; here it is only over, or late.
        }
    }

    /// <summary>Asks a silent peer whether it lives, and gives the link up when it does not answer.</summary>
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
                        pingOwed = true;
                        Owe(this);
                    }

                    WakeWriter();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The bus has ended, or is being closed, which has a limit of its own.
        }
    }

    /// <summary>Runs the bus from the hello to the closed link.</summary>
    private async Task RunAsync()
    {
        Task writing = WriteAsync();
        Task keepingAlive = KeepAliveAsync();
        BusException? failure = await ReadAsync();

        // What is still open has no other side any more.
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
            OweGoodbye(failure, failure?.Message ?? "");
        }

        await ending.CancelAsync();
        WakeWriter();
        await keepingAlive;

        // The last words may take a moment, but a peer that does not read them must not keep the link open.
        await SettleAsync(writing, failure is null ? Options.CloseTimeout : LastWordsLimit);
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
