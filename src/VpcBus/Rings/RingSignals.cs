using System.Numerics;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The signals of one bus's rings: those that the other side leaves in shared memory, which give the pairs concerned a turn, and those that
/// this side leaves there.
/// </summary>
/// <remarks>
/// A signal is a bit in shared memory; only a side that sleeps gets a byte on a socket as well. A socket and not an eventfd: both sides
/// hold the same open file, and an eventfd that the other side has filled and set to blocking would stop this process for good, whereas a
/// send can say for itself that it does not wait.
/// </remarks>
internal sealed class RingSignals : LoopTask, ILoopDoorbell, IRingSignals
{
    /// <summary>
    /// How long signals are not looked at once their budget is used up. What they were needed for waits so long and no longer: the bits
    /// stay, and the clock takes the signal's place.
    /// </summary>
    private const int MuteMilliseconds = 10;

    private readonly EventLoop _loop;
    private readonly RingDoorbell _doorbell;
    private readonly RingPair?[] _pairs;
    private readonly Lock _gate = new();
    private readonly SignalBudget _budget = new();
    private readonly RingArena.Doorbell _own;
    private readonly RingArena.Doorbell _peers;
    private readonly int _token;
    private BusConnection? _bus;
    private bool _closed;
    private bool _deaf;
    private long _mutedUntil;
    private volatile bool _needsTick;

    /// <summary>Watches the doorbell. It goes with this object.</summary>
    /// <param name="loop">The process's loop, which outlives this object.</param>
    /// <param name="side">Which side this is.</param>
    /// <param name="arena">The memory, which outlives this object.</param>
    /// <param name="doorbell">The doorbell.</param>
    /// <param name="pairs">The pairs by their slots. Their owner changes them at any moment.</param>
    /// <exception cref="IOException">The system has no room for it; the doorbell is left alone.</exception>
    public RingSignals(EventLoop loop, BusSide side, RingArena arena, RingDoorbell doorbell, RingPair?[] pairs)
    {
        _loop = loop;
        _doorbell = doorbell;
        _pairs = pairs;
        _own = arena.DoorbellOf(side);
        _peers = arena.DoorbellOf(side == BusSide.Host ? BusSide.Guest : BusSide.Host);
        _token = loop.Register(this, doorbell.Number, Libc.EPOLLIN);
    }

    /// <inheritdoc/>
    public bool NeedsTick => _needsTick;

    /// <inheritdoc/>
    public int LongestSleep => Volatile.Read(ref _mutedUntil) != 0 ? MuteMilliseconds : _needsTick ? EventLoop.TickMilliseconds : -1;

    /// <summary>How often this side stopped listening to signals for a while because they were for nothing.</summary>
    public int Mutes { get; private set; }

    /// <summary>Begins to listen to signals.</summary>
    /// <param name="bus">What ends when the signals fail.</param>
    public void Start(BusConnection bus)
    {
        lock (_gate)
        {
            _bus = bus;
            EndIfDeaf();
        }

        _loop.Add(this);
    }

    /// <summary>Listens no more, and lets go of the doorbell. Once.</summary>
    public void Close()
    {
        _loop.Remove(this);
        bool deaf;
        lock (_gate)
        {
            _closed = true;
            deaf = _deaf;
        }

        if (!deaf)
        {
            _loop.Unregister(_token, _doorbell.Number);
        }

        _doorbell.Dispose();
    }

    /// <inheritdoc/>
    public void Signal(int slot)
    {
        Interlocked.Or(ref _peers.Word(slot / 64), 1UL << (slot % 64));
        Interlocked.Or(ref _peers.Summary, 1UL << (slot / 64));
        if (Volatile.Read(ref _peers.Sleeping) != 0 && Interlocked.Exchange(ref _peers.Sleeping, 0) != 0)
        {
            lock (_gate)
            {
                if (!_closed)
                {
                    _doorbell.Ring();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void NoteTouched()
    {
        if (!_needsTick)
        {
            _needsTick = true;
            _loop.Post(this);
        }
    }

    /// <inheritdoc/>
    public void NoteClosed(int slot)
    {
        if (Volatile.Read(ref _pairs[slot]) is { IsGone: true } pair)
        {
            _loop.Post(pair);
        }
    }

    /// <inheritdoc/>
    public bool TakeSignals()
    {
        lock (_gate)
        {
            if (_closed || IsMuted() || Volatile.Read(ref _own.Summary) == 0)
            {
                return false;
            }

            bool any = false;
            bool within = true;

            // Any bits may stand there: they only ever choose who gets a turn.
            ulong summary = Interlocked.Exchange(ref _own.Summary, 0);
            while (summary != 0)
            {
                int word = BitOperations.TrailingZeroCount(summary);
                summary &= summary - 1;
                ulong bits = Interlocked.Exchange(ref _own.Word(word), 0);
                within &= bits != 0 || _budget.NoteIdle(Environment.TickCount64);
                while (bits != 0)
                {
                    int slot = (word * 64) + BitOperations.TrailingZeroCount(bits);
                    bits &= bits - 1;
                    if (slot < _pairs.Length && Volatile.Read(ref _pairs[slot]) is { } pair)
                    {
                        any = true;
                        _loop.Post(pair.SignalTarget);
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
        lock (_gate)
        {
            if (_closed || _mutedUntil != 0)
            {
                return true;
            }

            Interlocked.Exchange(ref _own.Sleeping, 1);
            return Volatile.Read(ref _own.Summary) == 0;
        }
    }

    /// <inheritdoc/>
    public void EndSleep()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                Volatile.Write(ref _own.Sleeping, 0);
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
        lock (_gate)
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
                _loop.Unregister(_token, _doorbell.Number);
                EndIfDeaf();
            }
            else if (!_budget.NoteIdle(Environment.TickCount64) && _mutedUntil == 0)
            {
                Mute();
            }
        }
    }

    internal override Turn Run(int budget) => default;

    /// <summary>A doorbell that can end by itself would leave both sides waiting for each other. Under the gate.</summary>
    private void EndIfDeaf()
    {
        if (_deaf && _doorbell.EndsBus)
        {
            _bus?.EndAsCorrupt(new BusException(BusError.LinkLost, "The doorbell of the rings has ended."));
        }
    }

    /// <summary>Listens to no signal for a while. Under the gate.</summary>
    private void Mute()
    {
        Mutes++;
        _mutedUntil = Environment.TickCount64 + MuteMilliseconds;
        if (!_deaf)
        {
            _loop.Change(_token, _doorbell.Number, events: 0);
        }
    }

    /// <summary>Whether signals are not listened to now. Under the gate.</summary>
    private bool IsMuted()
    {
        if (_mutedUntil == 0 || Environment.TickCount64 < _mutedUntil)
        {
            return _mutedUntil != 0;
        }

        _mutedUntil = 0;
        if (!_deaf)
        {
            _loop.Change(_token, _doorbell.Number, Libc.EPOLLIN);
        }

        return false;
    }
}
