using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The rings of one bus on this side: the shared memory, its places, and the doorbells. The host hands the places out; the guest takes the
/// ones that it is told.
/// </summary>
/// <remarks>
/// A signal is a bit in shared memory; only a side that sleeps gets a byte on a socket as well. A socket and not an eventfd: both sides hold
/// the same open file, and an eventfd that the other side has filled and set to blocking would stop this process for good, whereas a send can
/// say for itself that it does not wait.
/// </remarks>
internal sealed unsafe class RingBus : LoopTask, ILoopDoorbell
{
    /// <summary>
    /// How long signals are not looked at once their budget is used up. What they were needed for waits so long and no longer: the bits stay, and the
    /// clock takes the signal's place.
    /// </summary>
    private const int MuteMilliseconds = 10;

    private readonly RingDoorbell _doorbell;
    private readonly RingPair?[] _pairs;
    private readonly Stack<int> _free = new();

    /// <summary>On the host: places of pairs that have ended, each with the Ping that the guest must have answered before it is free.</summary>
    private readonly Queue<(int Place, uint Confirmation)> _retired = new();

    private readonly Lock _signals = new();
    private readonly SignalBudget _budget = new();
    private readonly byte* _own;
    private readonly byte* _peers;
    private readonly int _token;
    private BusConnection? _bus;
    private bool _placesClosed;
    private bool _closed;
    private bool _deaf;
    private long _mutedUntil;
    private volatile bool _needsTick;

    /// <summary>Takes over memory and doorbell.</summary>
    /// <exception cref="IOException">The system has no room for the loop; memory and doorbell are let go of.</exception>
    public RingBus(BusSide side, RingArena arena, RingDoorbell doorbell)
    {
        Side = side;
        Arena = arena;
        _doorbell = doorbell;
        _pairs = new RingPair?[arena.Layout.Rings];
        for (int place = side == BusSide.Host ? arena.Layout.Rings - 1 : -1; place >= 0; place--)
        {
            _free.Push(place);
        }

        _own = arena.At(RingLayout.DoorbellOf(side));
        _peers = arena.At(RingLayout.DoorbellOf(side == BusSide.Host ? BusSide.Guest : BusSide.Host));
        try
        {
            Loop = EventLoop.Acquire();
            try
            {
                _token = Loop.Register(this, doorbell.Number, Libc.EPOLLIN);
            }
            catch
            {
                Loop.Release();
                throw;
            }
        }
        catch
        {
            doorbell.Dispose();
            arena.Release();
            throw;
        }
    }

    /// <summary>Which side this is.</summary>
    public BusSide Side { get; }

    /// <summary>The memory.</summary>
    public RingArena Arena { get; }

    /// <summary>The process's loop.</summary>
    public EventLoop Loop { get; }

    /// <summary>On the host: places that no pair has.</summary>
    internal int FreePlaces
    {
        get
        {
            lock (_bus!.Gate)
            {
                return _free.Count;
            }
        }
    }

    /// <inheritdoc/>
    public bool NeedsTick => _needsTick;

    /// <inheritdoc/>
    public int LongestSleep => Volatile.Read(ref _mutedUntil) != 0 ? MuteMilliseconds : _needsTick ? EventLoop.TickMilliseconds : -1;

    /// <summary>How often this side stopped listening to signals for a while because they were for nothing.</summary>
    internal int Mutes { get; private set; }

    private ref uint OwnSleeping => ref *(uint*)(_own + RingLayout.SleepingOffset);

    private ref ulong OwnSummary => ref *(ulong*)(_own + RingLayout.SummaryOffset);

    private ref uint PeersSleeping => ref *(uint*)(_peers + RingLayout.SleepingOffset);

    private ref ulong PeersSummary => ref *(ulong*)(_peers + RingLayout.SummaryOffset);

    /// <summary>Begins to listen to signals.</summary>
    public void Start(BusConnection bus)
    {
        lock (_signals)
        {
            _bus = bus;
            EndIfDeaf();
        }

        Loop.Add(this);
    }

    /// <summary>On the host: a free place, made as new, or -1. Under the bus's gate.</summary>
    public int TakePlace()
    {
        if (_placesClosed || !_free.TryPop(out int place))
        {
            return -1;
        }

        Arena.ClearIndices(place);
        return place;
    }

    /// <summary>On the host: gives a place back that was not used. Under the bus's gate.</summary>
    public void ReturnPlace(int place) => _free.Push(place);

    /// <summary>Whether there is such a place.</summary>
    public bool HasPlace(uint place) => place < (uint)_pairs.Length;

    /// <summary>Opens the rings of a pair. Under the bus's gate.</summary>
    /// <param name="place">Where they lie.</param>
    /// <param name="output">The channel that this side sends on, for error texts.</param>
    /// <param name="input">The channel that this side receives on.</param>
    /// <param name="sendWindow">The most bytes under way that the other side takes.</param>
    /// <param name="receiveWindow">The most bytes under way that this side takes.</param>
    /// <returns>The rings, or null when another pair is at that place.</returns>
    public RingPair? TryOpen(int place, uint output, uint input, int sendWindow, int receiveWindow)
    {
        if (_pairs[place] is { } former)
        {
            // The host gives a place away when this side has taken in the former pair's end; its own tidying up may come later.
            if (!former.IsGone || !TryClose(former.Consumer))
            {
                return null;
            }

            Close(former.Producer);
        }

        var pair = new RingPair(this, place, new RingProducer(this, place, output, sendWindow), new RingConsumer(this, place, input, receiveWindow));
        Volatile.Write(ref _pairs[place], pair);
        return pair;
    }

    /// <summary>The other side's loop is to look at a pair.</summary>
    public void Signal(int place)
    {
        Interlocked.Or(ref *(ulong*)(_peers + RingLayout.WordsOffset + (place / 64 * sizeof(ulong))), 1UL << (place % 64));
        Interlocked.Or(ref PeersSummary, 1UL << (place / 64));
        if (Volatile.Read(ref PeersSleeping) != 0 && Interlocked.Exchange(ref PeersSleeping, 0) != 0)
        {
            lock (_signals)
            {
                if (!_closed)
                {
                    _doorbell.Ring();
                }
            }
        }
    }

    /// <summary>A ring of this side has touched pages that can be given back when it is idle.</summary>
    public void NoteTouched()
    {
        if (!_needsTick)
        {
            _needsTick = true;
            Loop.Post(this);
        }
    }

    /// <summary>A consumer has let go of its ring: the place may be over.</summary>
    public void NoteClosed(int place)
    {
        if (Volatile.Read(ref _pairs[place]) is { IsGone: true } pair)
        {
            Loop.Post(pair);
        }
    }

    /// <summary>Makes a place free if both its rings are done with.</summary>
    public void FreeIfOver(RingPair pair)
    {
        lock (_bus!.Gate)
        {
            if (_placesClosed || _pairs[pair.Place] != pair || !IsClosed(pair.Consumer))
            {
                return;
            }

            lock (pair.Producer.Gate)
            {
                try
                {
                    // The host waits until the guest has taken all. The guest gives nothing away, and must not look: the place may be another pair's by now.
                    if (Side == BusSide.Host && !pair.Producer.IsClosed && !pair.IsAbandonedByPeer && !pair.Producer.IsDrained())
                    {
                        return;
                    }
                }
                catch (BusException corrupt)
                {
                    _bus.EndAsCorrupt(corrupt);
                    return;
                }

                pair.Producer.Close();
            }

            Volatile.Write(ref _pairs[pair.Place], null);
            if (Side == BusSide.Host)
            {
                Arena.DiscardData(pair.Place, BusSide.Host);
                Arena.DiscardData(pair.Place, BusSide.Guest);

                // Until the guest has taken in the pair's End, it looks at the place's indices.
                _retired.Enqueue((pair.Place, _bus.AskForConfirmation()));
            }
        }

        _bus.WakeWriter();
    }

    /// <summary>On the host: the guest has taken in what was sent before a Ping. Under the bus's gate.</summary>
    /// <param name="ping">The Ping that it answered. A guest that lies harms the rings of its own pairs alone.</param>
    public void Confirm(uint ping)
    {
        while (_retired.TryPeek(out (int Place, uint Confirmation) retired) && (int)(ping - retired.Confirmation) >= 0)
        {
            _retired.Dequeue();
            _free.Push(retired.Place);
        }
    }

    /// <summary>The bus has ended, or never began. Bytes of rings whose end is known stay readable. Once.</summary>
    public void Close()
    {
        Loop.Remove(this);
        lock (_bus?.Gate ?? _signals)
        {
            _placesClosed = true;
        }

        bool deaf;
        lock (_signals)
        {
            _closed = true;
            deaf = _deaf;
        }

        foreach (RingPair? pair in _pairs)
        {
            if (pair is not null)
            {
                Close(pair.Producer);
            }
        }

        if (!deaf)
        {
            Loop.Unregister(_token, _doorbell.Number);
        }

        _doorbell.Dispose();
        Arena.Release();
        Loop.Release();
    }

    /// <inheritdoc/>
    public bool TakeSignals()
    {
        lock (_signals)
        {
            if (_closed || IsMuted() || Volatile.Read(ref OwnSummary) == 0)
            {
                return false;
            }

            bool any = false;
            bool within = true;

            // Any bits may stand there: they only ever choose who gets a turn.
            ulong summary = Interlocked.Exchange(ref OwnSummary, 0);
            while (summary != 0)
            {
                int word = System.Numerics.BitOperations.TrailingZeroCount(summary);
                summary &= summary - 1;
                ulong bits = Interlocked.Exchange(ref *(ulong*)(_own + RingLayout.WordsOffset + (word * sizeof(ulong))), 0);
                within &= bits != 0 || _budget.NoteIdle(Environment.TickCount64);
                while (bits != 0)
                {
                    int place = (word * 64) + System.Numerics.BitOperations.TrailingZeroCount(bits);
                    bits &= bits - 1;
                    if (place < _pairs.Length && Volatile.Read(ref _pairs[place]) is { } pair)
                    {
                        any = true;
                        Loop.Post(pair.SignalTarget);
                        if (pair.NoteSignal())
                        {
                            _budget.NoteUseful();
                            continue;
                        }
                    }

                    within &= _budget.NoteIdle(Environment.TickCount64);
                }
            }

            if (!within)
            {
                Mute();
            }

            return any;
        }
    }

    /// <inheritdoc/>
    public bool BeginSleep()
    {
        lock (_signals)
        {
            if (_closed || _mutedUntil != 0)
            {
                return true;
            }

            Interlocked.Exchange(ref OwnSleeping, 1);
            return Volatile.Read(ref OwnSummary) == 0;
        }
    }

    /// <inheritdoc/>
    public void EndSleep()
    {
        lock (_signals)
        {
            if (!_closed)
            {
                Volatile.Write(ref OwnSleeping, 0);
            }
        }
    }

    /// <inheritdoc/>
    public void Tick()
    {
        // Cleared first: what is touched from here on asks anew.
        _needsTick = false;
        bool again = false;
        foreach (RingPair? pair in _pairs)
        {
            if (pair is null)
            {
                continue;
            }

            lock (pair.Producer.Gate)
            {
                try
                {
                    again |= pair.Producer.Trim();
                }
                catch (BusException corrupt)
                {
                    _bus!.EndAsCorrupt(corrupt);
                }
            }
        }

        if (again)
        {
            _needsTick = true;
        }
    }

    /// <summary>Something broke that should not: ends the bus, and nothing else.</summary>
    internal override void Fail(Exception failure) =>
        _bus!.EndAsCorrupt(failure as BusException ?? new BusException(BusError.LinkLost, $"The rings failed: {failure.Message}", failure));

    internal override void NoteEvents(uint events)
    {
        lock (_signals)
        {
            if (_closed || _deaf)
            {
                return;
            }

            nint length = _doorbell.Drain();
            if (length == 0 || (length < 0 && (events & (Libc.EPOLLHUP | Libc.EPOLLERR)) != 0))
            {
                // The other process is gone, or wants not to wake this one any more. The link tells which.
                _deaf = true;
                Loop.Unregister(_token, _doorbell.Number);
                EndIfDeaf();
            }
            else if (!_budget.NoteIdle(Environment.TickCount64) && _mutedUntil == 0)
            {
                Mute();
            }
        }
    }

    internal override Turn Run(int budget) => default;

    /// <summary>A doorbell that can end by itself would leave both sides waiting for each other. Under the signals' lock.</summary>
    private void EndIfDeaf()
    {
        if (_deaf && _doorbell.EndsBus)
        {
            _bus?.EndAsCorrupt(new BusException(BusError.LinkLost, "The doorbell of the rings has ended."));
        }
    }

    /// <summary>Listens to no signal for a while. Under the signals' lock.</summary>
    private void Mute()
    {
        Mutes++;
        _mutedUntil = Environment.TickCount64 + MuteMilliseconds;
        if (!_deaf)
        {
            Loop.Change(_token, _doorbell.Number, events: 0);
        }
    }

    /// <summary>Whether signals are not listened to now. Under the signals' lock.</summary>
    private bool IsMuted()
    {
        if (_mutedUntil == 0 || Environment.TickCount64 < _mutedUntil)
        {
            return _mutedUntil != 0;
        }

        _mutedUntil = 0;
        if (!_deaf)
        {
            Loop.Change(_token, _doorbell.Number, Libc.EPOLLIN);
        }

        return false;
    }

    /// <summary>Closes a consumer that has given all its bytes back.</summary>
    private static bool TryClose(RingConsumer consumer)
    {
        lock (consumer.Gate)
        {
            if (!consumer.IsClosed && consumer.Total != consumer.Head)
            {
                return false;
            }

            consumer.Close();
            return true;
        }
    }

    private static bool IsClosed(RingConsumer consumer)
    {
        lock (consumer.Gate)
        {
            return consumer.IsClosed;
        }
    }

    private static void Close(RingProducer producer)
    {
        lock (producer.Gate)
        {
            producer.Close();
        }
    }
}
