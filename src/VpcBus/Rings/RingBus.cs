using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The rings of one bus on this side: the shared memory, its slots, and the signals. The host assigns the slots; the guest uses those that
/// the host has assigned.
/// </summary>
internal sealed class RingBus : IBusTransport
{
    private const int NoSlot = -1;

    private readonly RingPair?[] pairs;
    private readonly Stack<int> free = new();

    /// <summary>
    /// On the host: slots of pairs that have ended, each with the Ping that the guest must have answered before the slot is free.
    /// </summary>
    private readonly Queue<(int Slot, uint Confirmation)> retired = new();

    private readonly RingArena arena;

    /// <summary>Guards the slots until there is a bus.</summary>
    private readonly Lock early = new();

    private BusConnection? bus;
    private bool slotsClosed;

    /// <summary>Creates the rings from memory and doorbell, which it owns from here on.</summary>
    /// <exception cref="IOException">The event loop cannot be created; memory and doorbell are released.</exception>
    public RingBus(BusSide side, RingArena arena, RingDoorbell doorbell)
    {
        Side = side;
        this.arena = arena;
        pairs = new RingPair?[arena.Layout.Rings];
        for (int slot = side == BusSide.Host ? arena.Layout.Rings - 1 : -1; slot >= 0; slot--)
        {
            free.Push(slot);
        }

        try
        {
            Loop = EventLoop.Acquire();
            try
            {
                Signals = new RingSignals(Loop, side, arena, doorbell, pairs);
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

    /// <summary>The side of the bus.</summary>
    public BusSide Side { get; }

    /// <summary>The process's loop.</summary>
    public EventLoop Loop { get; }

    /// <summary>On the host: slots that no pair uses.</summary>
    internal int FreeSlots
    {
        get
        {
            lock (bus!.Gate)
            {
                return free.Count;
            }
        }
    }

    /// <summary>The signals between the two sides.</summary>
    internal RingSignals Signals { get; }

    /// <inheritdoc/>
    public void Start(BusConnection bus)
    {
        this.bus = bus;
        Signals.Start(bus);
    }

    /// <inheritdoc/>
    public int WriteOffer(ref FrameWriter writer, uint pair, int window, ReadOnlySpan<byte> service)
    {
        if (Side == BusSide.Guest)
        {
            // The host sends the slot when it accepts.
            writer.Write(FrameType.Offer, pair, (uint)window, service);
            return NoSlot;
        }

        int slot = TakeSlot();
        writer.Write(FrameType.Offer, pair, (uint)window, service, (uint)(slot + 1));
        return slot;
    }

    /// <inheritdoc/>
    public int ReadOffer(uint pair, ref PayloadReader payload) =>
        Side == BusSide.Guest ? ReadSlot(FrameType.Offer, pair, payload.ReadOptionalUInt32()) : NoSlot;

    /// <inheritdoc/>
    public int ChooseSlot(int offered) => Side == BusSide.Host ? TakeSlot() : offered;

    /// <inheritdoc/>
    public void WriteAccept(ref FrameWriter writer, uint pair, int window, int slot) =>
        writer.Write(FrameType.Accept, pair, (uint)window, (uint)(slot + 1));

    /// <inheritdoc/>
    public int ReadAccept(uint pair, ref PayloadReader payload, int offered)
    {
        int slot = ReadSlot(FrameType.Accept, pair, payload.ReadOptionalUInt32());
        if (Side == BusSide.Host && slot >= 0 && slot != offered)
        {
            throw CorruptFrame.Error(FrameType.Accept, pair, "ring", $"is {slot + 1}, where {offered + 1} was offered");
        }

        return slot;
    }

    /// <inheritdoc/>
    public void ReturnSlot(int slot) => free.Push(slot);

    /// <inheritdoc/>
    public IChannelTransport Open(int slot, uint pair, int sendWindow, int receiveWindow)
    {
        if (slot < 0)
        {
            return FramedTransport.Instance;
        }

        if (pairs[slot] is { } former)
        {
            // The host assigns a slot again when this side has processed the end of the former pair; this side may release the former pair
            // later.
            if (!former.IsGone || !TryClose(former.Consumer))
            {
                throw new BusException(
                    BusError.Corrupt, $"The other side broke the protocol: pair {pair}, ring {slot + 1} is that of another pair.");
            }

            Close(former.Producer);
        }

        uint output = BusProtocol.ChannelOf(pair, Side);
        uint input = BusProtocol.ChannelOf(pair, Side == BusSide.Host ? BusSide.Guest : BusSide.Host);
        RingPair rings = new(
            this,
            slot,
            new RingProducer(arena, Side, Signals, slot, output, sendWindow),
            new RingConsumer(arena, Side, Signals, slot, input, receiveWindow));
        Volatile.Write(ref pairs[slot], rings);
        return rings;
    }

    /// <summary>Frees a slot if both its rings are closed.</summary>
    public void FreeIfOver(RingPair pair)
    {
        lock (bus!.Gate)
        {
            if (slotsClosed || pairs[pair.Slot] != pair || !IsClosed(pair.Consumer))
            {
                return;
            }

            lock (pair.Producer.Gate)
            {
                try
                {
                    // The host waits until the guest has read everything. The guest assigns no slots and must not read this one: it may
                    // belong to another pair by now.
                    if (Side == BusSide.Host && !pair.Producer.IsClosed && !pair.IsAbandonedByPeer && !pair.Producer.IsDrained())
                    {
                        return;
                    }
                }
                catch (BusException corrupt)
                {
                    bus.EndAsCorrupt(corrupt);
                    return;
                }

                pair.Producer.Close();
            }

            Volatile.Write(ref pairs[pair.Slot], null);
            if (Side == BusSide.Host)
            {
                arena.DiscardData(pair.Slot, BusSide.Host);
                arena.DiscardData(pair.Slot, BusSide.Guest);

                // The guest reads the slot's indices until it has processed the pair's End.
                retired.Enqueue((pair.Slot, bus.AskForConfirmation()));
            }
        }

        bus.WakeWriter();
    }

    /// <summary>
    /// On the host: the guest has processed what was sent before a Ping. A guest that answers too early damages only the rings of its own
    /// pairs.
    /// </summary>
    /// <param name="ping">The Ping that it has answered.</param>
    public void Confirm(uint ping)
    {
        while (this.retired.TryPeek(out (int Slot, uint Confirmation) retired) && (int)(ping - retired.Confirmation) >= 0)
        {
            this.retired.Dequeue();
            free.Push(retired.Slot);
        }
    }

    /// <summary>An unexpected error: ends this bus only.</summary>
    public void Fail(Exception failure) => Signals.Fail(failure);

    /// <summary>The bus has ended, or has not begun. Bytes of rings whose end is known stay readable. Called once.</summary>
    public void Close()
    {
        lock (bus?.Gate ?? early)
        {
            slotsClosed = true;
        }

        Signals.Close();
        foreach (RingPair? pair in pairs)
        {
            if (pair is not null)
            {
                Close(pair.Producer);
            }
        }

        arena.Release();
        Loop.Release();
    }

    /// <summary>On the host: returns a free slot, initialised.</summary>
    private int TakeSlot()
    {
        if (slotsClosed || !free.TryPop(out int slot))
        {
            return NoSlot;
        }

        arena.ClearIndices(slot);
        return slot;
    }

    private int ReadSlot(FrameType type, uint pair, uint ring) => ring == 0 ? NoSlot
        : ring - 1 < (uint)pairs.Length ? (int)ring - 1
        : throw CorruptFrame.Error(type, pair, "ring", $"is {ring}; there is no ring with that number");

    /// <summary>Closes a consumer that has released all its bytes.</summary>
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
