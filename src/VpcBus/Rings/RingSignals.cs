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

    private readonly EventLoop loop;
    private readonly RingDoorbell doorbell;
    private readonly RingPair?[] pairs;
    private readonly Lock gate = new();
    private readonly SignalBudget budget = new();
    private readonly RingArena.Doorbell own;
    private readonly RingArena.Doorbell peers;
    private readonly int token;
    private BusConnection? bus;
    private bool closed;
    private bool deaf;
    private long mutedUntil;
    private volatile bool needsTick;

    /// <summary>Watches the doorbell. It goes with this object.</summary>
    /// <param name="loop">The process's loop, which outlives this object.</param>
    /// <param name="side">Which side this is.</param>
    /// <param name="arena">The memory, which outlives this object.</param>
    /// <param name="doorbell">The doorbell.</param>
    /// <param name="pairs">The pairs by their slots. Their owner changes them at any moment.</param>
    /// <exception cref="IOException">The system has no room for it; the doorbell is left alone.</exception>
    public RingSignals(EventLoop loop, BusSide side, RingArena arena, RingDoorbell doorbell, RingPair?[] pairs)
    {
        this.loop = loop;
        this.doorbell = doorbell;
        this.pairs = pairs;
        own = arena.DoorbellOf(side);
        peers = arena.DoorbellOf(side == BusSide.Host ? BusSide.Guest : BusSide.Host);
        token = loop.Register(this, doorbell.Number, Libc.EPOLLIN);
    }

    /// <inheritdoc/>
    public bool NeedsTick => needsTick;

    /// <inheritdoc/>
    public int LongestSleep => Volatile.Read(ref mutedUntil) != 0 ? MuteMilliseconds : needsTick ? EventLoop.TickMilliseconds : -1;

    /// <summary>How often this side stopped listening to signals for a while because they were for nothing.</summary>
    public int Mutes { get; private set; }

    /// <summary>Begins to listen to signals.</summary>
    /// <param name="bus">What ends when the signals fail.</param>
    public void Start(BusConnection bus)
    {
        lock (gate)
        {
            this.bus = bus;
            EndIfDeaf();
        }

        loop.Add(this);
    }

    /// <summary>Listens no more, and lets go of the doorbell. Once.</summary>
    public void Close()
    {
        loop.Remove(this);
        bool deaf;
        lock (gate)
        {
            closed = true;
            deaf = this.deaf;
        }

        if (!deaf)
        {
            loop.Unregister(token, doorbell.Number);
        }

        doorbell.Dispose();
    }

    /// <inheritdoc/>
    public void Signal(int slot)
    {
        Interlocked.Or(ref peers.Word(slot / 64), 1UL << (slot % 64));
        Interlocked.Or(ref peers.Summary, 1UL << (slot / 64));
        if (Volatile.Read(ref peers.Sleeping) != 0 && Interlocked.Exchange(ref peers.Sleeping, 0) != 0)
        {
            lock (gate)
            {
                if (!closed)
                {
                    doorbell.Ring();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void NoteTouched()
    {
        if (!needsTick)
        {
            needsTick = true;
            loop.Post(this);
        }
    }

    /// <inheritdoc/>
    public void NoteClosed(int slot)
    {
        if (Volatile.Read(ref pairs[slot]) is { IsGone: true } pair)
        {
            loop.Post(pair);
        }
    }

    /// <inheritdoc/>
    public bool TakeSignals()
    {
        lock (gate)
        {
            if (closed || IsMuted() || Volatile.Read(ref own.Summary) == 0)
            {
                return false;
            }

            bool any = false;
            bool within = true;

            // Any bits may stand there: they only ever choose who gets a turn.
            ulong summary = Interlocked.Exchange(ref own.Summary, 0);
            while (summary != 0)
            {
                int word = BitOperations.TrailingZeroCount(summary);
                summary &= summary - 1;
                ulong bits = Interlocked.Exchange(ref own.Word(word), 0);
                within &= bits != 0 || budget.NoteIdle(Environment.TickCount64);
                while (bits != 0)
                {
                    int slot = (word * 64) + BitOperations.TrailingZeroCount(bits);
                    bits &= bits - 1;
                    if (slot < pairs.Length && Volatile.Read(ref pairs[slot]) is { } pair)
                    {
                        any = true;
                        loop.Post(pair.SignalTarget);
                        if (pair.NoteSignal())
                        {
                            budget.NoteUseful();
                            continue;
                        }
                    }

                    within &= budget.NoteIdle(Environment.TickCount64);
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
        lock (gate)
        {
            if (closed || mutedUntil != 0)
            {
                return true;
            }

            Interlocked.Exchange(ref own.Sleeping, 1);
            return Volatile.Read(ref own.Summary) == 0;
        }
    }

    /// <inheritdoc/>
    public void EndSleep()
    {
        lock (gate)
        {
            if (!closed)
            {
                Volatile.Write(ref own.Sleeping, 0);
            }
        }
    }

    /// <inheritdoc/>
    public void Tick()
    {
        // Cleared first: what is touched from here on asks anew.
        needsTick = false;
        bool again = false;
        foreach (RingPair? pair in pairs)
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
                    bus!.EndAsCorrupt(corrupt);
                }
            }
        }

        if (again)
        {
            needsTick = true;
        }
    }

    /// <summary>Something broke that should not: ends the bus, and nothing else.</summary>
    internal override void Fail(Exception failure) =>
        bus!.EndAsCorrupt(failure as BusException ?? new BusException(BusError.LinkLost, $"The rings failed: {failure.Message}", failure));

    internal override void NoteEvents(uint events)
    {
        lock (gate)
        {
            if (closed || deaf)
            {
                return;
            }

            nint length = doorbell.Drain();
            if (length == 0 || (length < 0 && (events & (Libc.EPOLLHUP | Libc.EPOLLERR)) != 0))
            {
                // The other process is gone, or wants not to wake this one any more. The link tells which.
                deaf = true;
                loop.Unregister(token, doorbell.Number);
                EndIfDeaf();
            }
            else if (!budget.NoteIdle(Environment.TickCount64) && mutedUntil == 0)
            {
                Mute();
            }
        }
    }

    internal override Turn Run(int budget) => default;

    /// <summary>A doorbell that can end by itself would leave both sides waiting for each other. Under the gate.</summary>
    private void EndIfDeaf()
    {
        if (deaf && doorbell.EndsBus)
        {
            bus?.EndAsCorrupt(new BusException(BusError.LinkLost, "The doorbell of the rings has ended."));
        }
    }

    /// <summary>Listens to no signal for a while. Under the gate.</summary>
    private void Mute()
    {
        Mutes++;
        mutedUntil = Environment.TickCount64 + MuteMilliseconds;
        if (!deaf)
        {
            loop.Change(token, doorbell.Number, events: 0);
        }
    }

    /// <summary>Whether signals are not listened to now. Under the gate.</summary>
    private bool IsMuted()
    {
        if (mutedUntil == 0 || Environment.TickCount64 < mutedUntil)
        {
            return mutedUntil != 0;
        }

        mutedUntil = 0;
        if (!deaf)
        {
            loop.Change(token, doorbell.Number, Libc.EPOLLIN);
        }

        return false;
    }
}
