using System.Numerics;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The signals of one bus's rings. Those that the other side sets in shared memory give the pairs concerned a turn on the event loop; those
/// of this side are set there for the other one.
/// </summary>
/// <remarks>
/// A signal is a bit in shared memory; only a side that sleeps is also sent a byte on a socket. A socket and not an eventfd: both sides
/// hold the same open file, and an eventfd that the other side has filled and set to blocking would block this process for good. A send on
/// a socket can be non-blocking for this one call.
/// </remarks>
internal sealed class RingSignals : LoopTask, ILoopDoorbell, IRingSignals
{
    /// <summary>
    /// How long signals are ignored after their budget is used up. Useful signals among them are delayed by at most this time: their bits
    /// stay set and are checked when the time is over.
    /// </summary>
    private const int SuspensionMilliseconds = 10;

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
    private bool doorbellEnded;
    private long suspendedUntil;
    private volatile bool needsTick;

    /// <summary>Watches the doorbell, which is closed with this object.</summary>
    /// <param name="loop">The process's loop, which outlives this object.</param>
    /// <param name="side">Which side this is.</param>
    /// <param name="arena">The memory, which outlives this object.</param>
    /// <param name="doorbell">The doorbell.</param>
    /// <param name="pairs">The pairs by their slots. Their owner may change them at any time.</param>
    /// <exception cref="IOException">The system cannot watch another descriptor; the doorbell stays open.</exception>
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
    public int LongestSleep =>
        Volatile.Read(ref suspendedUntil) != 0 ? SuspensionMilliseconds : needsTick ? EventLoop.TickMilliseconds : -1;

    /// <summary>How often this side has suspended signals for a while because too many were needless.</summary>
    public int Suspensions { get; private set; }

    /// <summary>Begins to listen to signals.</summary>
    /// <param name="bus">What ends when the signals fail.</param>
    public void Start(BusConnection bus)
    {
        lock (gate)
        {
            this.bus = bus;
            EndBusIfDoorbellEnded();
        }

        loop.Add(this);
    }

    /// <summary>Stops listening and closes the doorbell. Called once.</summary>
    public void Close()
    {
        loop.Remove(this);
        bool doorbellEnded;
        lock (gate)
        {
            closed = true;
            doorbellEnded = this.doorbellEnded;
        }

        if (!doorbellEnded)
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
            if (closed || IsSuspended() || Volatile.Read(ref own.Summary) == 0)
            {
                return false;
            }

            bool any = false;
            bool within = true;

            // Any bits may be set here: they only select who gets a turn.
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
                SuspendSignals();
            }

            return any;
        }
    }

    /// <inheritdoc/>
    public bool BeginSleep()
    {
        lock (gate)
        {
            if (closed || suspendedUntil != 0)
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
        // Cleared first: pages that are touched from here on set it again.
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

    /// <summary>An unexpected error: ends this bus only.</summary>
    internal override void Fail(Exception failure) =>
        bus!.EndAsCorrupt(failure as BusException ?? new BusException(BusError.LinkLost, $"The rings failed: {failure.Message}", failure));

    internal override void NoteEvents(uint events)
    {
        lock (gate)
        {
            if (closed || doorbellEnded)
            {
                return;
            }

            nint length = doorbell.Drain();
            if (length == 0 || (length < 0 && (events & (Libc.EPOLLHUP | Libc.EPOLLERR)) != 0))
            {
                // The other process has ended, or has closed its end of the doorbell. Which of them it was is known from the link.
                doorbellEnded = true;
                loop.Unregister(token, doorbell.Number);
                EndBusIfDoorbellEnded();
            }
            else if (!budget.NoteIdle(Environment.TickCount64) && suspendedUntil == 0)
            {
                SuspendSignals();
            }
        }
    }

    internal override Turn Run(int budget) => default;

    /// <summary>
    /// Without its doorbell each side could wait for the other for ever, so the end of a doorbell that can fail by itself ends the bus.
    /// Under the gate.
    /// </summary>
    private void EndBusIfDoorbellEnded()
    {
        if (doorbellEnded && doorbell.EndsBus)
        {
            bus?.EndAsCorrupt(new BusException(BusError.LinkLost, "The doorbell of the rings has ended."));
        }
    }

    /// <summary>Ignores all signals for a while. Under the gate.</summary>
    private void SuspendSignals()
    {
        Suspensions++;
        suspendedUntil = Environment.TickCount64 + SuspensionMilliseconds;
        if (!doorbellEnded)
        {
            loop.Change(token, doorbell.Number, events: 0);
        }
    }

    /// <summary>Whether signals are ignored at this moment. Under the gate.</summary>
    private bool IsSuspended()
    {
        if (suspendedUntil == 0 || Environment.TickCount64 < suspendedUntil)
        {
            return suspendedUntil != 0;
        }

        suspendedUntil = 0;
        if (!doorbellEnded)
        {
            loop.Change(token, doorbell.Number, Libc.EPOLLIN);
        }

        return false;
    }
}
