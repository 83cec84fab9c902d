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
    private readonly Stream _link;
    private readonly ILogger _log;
    private readonly Dictionary<uint, BusChannelPair> _pairs = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _stopReading = new();
    private readonly CancellationTokenSource _abandonWriting = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _established;
    private long _endedBytesSent;
    private long _endedBytesReceived;
    private bool _isClosing;
    private Task? _closing;

    private BusConnection(Stream link, BusOptions options, Guid sessionId, BusPeer peer, IBusTransport transport)
    {
        _link = link;
        Transport = transport;
        _log = options.Logger;
        Options = options;
        _established = options.TimeProvider.GetTimestamp();
        SessionId = sessionId;
        Peer = peer;
        _offerSlots = new SemaphoreSlim(peer.MaxPendingOffers);

        // Even numbers are the host's, odd ones the guest's; 0 is not used.
        _nextOffer = options.Side == BusSide.Host ? 2u : 1u;
        _maxPayload = Math.Min(peer.MaxFramePayload, BusOptions.MaxMaxFramePayload);
        _ = _completion.Task.ContinueWith(
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
    public Task Completion => _completion.Task;

    /// <summary>Every channel that is open at this moment, two for each pair.</summary>
    public IReadOnlyList<BusChannelStatistics> Channels
    {
        get
        {
            lock (Gate)
            {
                var statistics = new List<BusChannelStatistics>(_pairs.Count * 2);
                foreach (BusChannelPair pair in _pairs.Values)
                {
                    pair.AddStatistics(statistics);
                }

                return statistics;
            }
        }
    }

    /// <summary>Time since the bus was greeted.</summary>
    internal TimeSpan Age => Options.TimeProvider.GetElapsedTime(_established);

    /// <summary>What all channels have done so far.</summary>
    internal BusTotals Totals
    {
        get
        {
            lock (Gate)
            {
                (long sent, long received) = (_endedBytesSent, _endedBytesReceived);
                foreach (BusChannelPair pair in _pairs.Values)
                {
                    sent += pair.Bytes.Sent;
                    received += pair.Bytes.Received;
                }

                return new BusTotals(_pairs.Count, sent, received);
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
        var sessionId = Guid.NewGuid();
        try
        {
            (BusPeer peer, IBusTransport transport) = await Handshake.RunAsync(link, options, sessionId, cancellationToken);
            var bus = new BusConnection(link, options, sessionId, peer, transport);
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
            closing = _closing ??= Task.Run(CloseInOrderAsync, CancellationToken.None);
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
        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Bus.StopReading(state.Corrupt), (Bus: this, Corrupt: corrupt), preferLocal: false);

    /// <summary>A pair has ended. Under the gate.</summary>
    internal void Forget(BusChannelPair pair)
    {
        if (_pairs.Remove(pair.Number))
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
        var closed = new BusException(BusError.Closed, "This side closed the bus.");
        List<Task> outputs = [];
        lock (Gate)
        {
            if (EndError is null)
            {
                _isClosing = true;
                EndError = closed;
                EndOffers(closed);
                foreach (BusChannelPair pair in _pairs.Values.ToArray())
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

        await _ending.CancelAsync();
        WakeWriter();
        await Task.WhenAny(Task.WhenAll(outputs), _completion.Task);
        lock (Gate)
        {
            foreach (BusChannelPair pair in _pairs.Values.ToArray())
            {
                pair.Reset(closed);
            }

            OweGoodbye(null, "");
        }

        WakeWriter();
        await SettleAsync(_completion.Task, Options.CloseTimeout);
        if (!_completion.Task.IsCompleted)
        {
            StopReading(new BusException(
                BusError.TimedOut,
                $"The {Peer.Side} did not say goodbye within {Options.CloseTimeout.TotalSeconds:0.###} s after this side did."));
            await _completion.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Keeps what a pair that ends has carried. Under the gate.</summary>
    private void AddToTotals(BusChannelPair pair)
    {
        _endedBytesSent += pair.Bytes.Sent;
        _endedBytesReceived += pair.Bytes.Received;
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
            long reads = Volatile.Read(ref _reads);
            bool asked = false;
            while (true)
            {
                await Task.Delay(Options.KeepAliveInterval, Options.TimeProvider, _ending.Token);
                bool silent = reads == Volatile.Read(ref _reads);
                if (silent && asked)
                {
                    StopReading(new BusException(
                        BusError.LinkLost,
                        $"The {Peer.Side} was silent for {2 * Options.KeepAliveInterval.TotalSeconds:0.###} s and did not answer."));
                    return;
                }

                asked = silent;
                reads = Volatile.Read(ref _reads);
                if (asked)
                {
                    lock (Gate)
                    {
                        _pingOwed = true;
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
                ?? (_isClosing ? EndError! : new BusException(BusError.Closed, "The other side closed the bus."));
            EndError ??= reason;
            EndOffers(reason);
            foreach (BusChannelOffer offer in _incomingOffers.Values)
            {
                offer.EndWithBus();
            }

            foreach (BusChannelPair pair in _pairs.Values)
            {
                pair.FailWithBus(reason);
                AddToTotals(pair);
            }

            _pairs.Clear();
            OweGoodbye(failure, failure?.Message ?? "");
        }

        await _ending.CancelAsync();
        WakeWriter();
        await keepingAlive;

        // The last words may take a moment, but a peer that does not read them must not keep the link open.
        await SettleAsync(writing, failure is null ? Options.CloseTimeout : LastWordsLimit);
        await _stopReading.CancelAsync();
        await _abandonWriting.CancelAsync();
        await CloseLinkAsync(_link);
        StopWriting();
        await SettleAsync(writing, Options.CloseTimeout);
        BusMetrics.Remove(this, failure);
        Transport.Close();
        if (failure is null)
        {
            BusLog.Ended(_log, Side, SessionId);
            _completion.TrySetResult();
        }
        else
        {
            BusLog.Failed(_log, Side, SessionId, failure.Error, failure.Message);
            _completion.TrySetException(failure);
        }
    }
}
