using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// The rings of one bus on this side: the shared memory, its places, and the signals. The host hands the places out; the guest takes the
/// ones that it is told.
/// </summary>
internal sealed class RingBus : IBusTransport
{
    private const int NoPlace = -1;

    private readonly RingPair?[] _pairs;
    private readonly Stack<int> _free = new();

    /// <summary>
    /// On the host: places of pairs that have ended, each with the Ping that the guest must have answered before it is free.
    /// </summary>
    private readonly Queue<(int Place, uint Confirmation)> _retired = new();

    private readonly RingArena _arena;

    /// <summary>Guards the places before there is a bus.</summary>
    private readonly Lock _early = new();

    private BusConnection? _bus;
    private bool _placesClosed;

    /// <summary>Takes over memory and doorbell.</summary>
    /// <exception cref="IOException">The system has no room for the loop; memory and doorbell are let go of.</exception>
    public RingBus(BusSide side, RingArena arena, RingDoorbell doorbell)
    {
        Side = side;
        _arena = arena;
        _pairs = new RingPair?[arena.Layout.Rings];
        for (int place = side == BusSide.Host ? arena.Layout.Rings - 1 : -1; place >= 0; place--)
        {
            _free.Push(place);
        }

        try
        {
            Loop = EventLoop.Acquire();
            try
            {
                Signals = new RingSignals(Loop, side, arena, doorbell, _pairs);
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

    /// <summary>The signals between the two sides.</summary>
    internal RingSignals Signals { get; }

    /// <inheritdoc/>
    public void Start(BusConnection bus)
    {
        _bus = bus;
        Signals.Start(bus);
    }

    /// <inheritdoc/>
    public int WriteOffer(ref FrameWriter writer, uint pair, int window, ReadOnlySpan<byte> service)
    {
        if (Side == BusSide.Guest)
        {
            // The host says the place when it accepts.
            writer.Write(FrameType.Offer, pair, (uint)window, service);
            return NoPlace;
        }

        int place = TakePlace();
        writer.Write(FrameType.Offer, pair, (uint)window, service, (uint)(place + 1));
        return place;
    }

    /// <inheritdoc/>
    public int ReadOffer(uint pair, ref PayloadReader payload) =>
        Side == BusSide.Guest ? ReadPlace(FrameType.Offer, pair, payload.ReadOptionalUInt32()) : NoPlace;

    /// <inheritdoc/>
    public int ChoosePlace(int offered) => Side == BusSide.Host ? TakePlace() : offered;

    /// <inheritdoc/>
    public void WriteAccept(ref FrameWriter writer, uint pair, int window, int place) =>
        writer.Write(FrameType.Accept, pair, (uint)window, (uint)(place + 1));

    /// <inheritdoc/>
    public int ReadAccept(uint pair, ref PayloadReader payload, int offered)
    {
        int place = ReadPlace(FrameType.Accept, pair, payload.ReadOptionalUInt32());
        if (Side == BusSide.Host && place >= 0 && place != offered)
        {
            throw CorruptFrame.Error(FrameType.Accept, pair, "ring", $"is {place + 1}, where {offered + 1} was offered");
        }

        return place;
    }

    /// <inheritdoc/>
    public void ReturnPlace(int place) => _free.Push(place);

    /// <inheritdoc/>
    public IChannelTransport Open(int place, uint pair, int sendWindow, int receiveWindow)
    {
        if (place < 0)
        {
            return FramedTransport.Instance;
        }

        if (_pairs[place] is { } former)
        {
            // The host gives a place away when this side has taken in the former pair's end; its own tidying up may come later.
            if (!former.IsGone || !TryClose(former.Consumer))
            {
                throw new BusException(
                    BusError.Corrupt, $"The other side broke the protocol: pair {pair}, ring {place + 1} is that of another pair.");
            }

            Close(former.Producer);
        }

        uint output = BusProtocol.ChannelOf(pair, Side);
        uint input = BusProtocol.ChannelOf(pair, Side == BusSide.Host ? BusSide.Guest : BusSide.Host);
        var rings = new RingPair(
            this,
            place,
            new RingProducer(_arena, Side, Signals, place, output, sendWindow),
            new RingConsumer(_arena, Side, Signals, place, input, receiveWindow));
        Volatile.Write(ref _pairs[place], rings);
        return rings;
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
                    // The host waits until the guest has taken all. The guest gives nothing away, and must not look: the place may be
                    // another pair's by now.
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
                _arena.DiscardData(pair.Place, BusSide.Host);
                _arena.DiscardData(pair.Place, BusSide.Guest);

                // Until the guest has taken in the pair's End, it looks at the place's indices.
                _retired.Enqueue((pair.Place, _bus.AskForConfirmation()));
            }
        }

        _bus.WakeWriter();
    }

    /// <summary>
    /// On the host: the guest has taken in what was sent before a Ping. A guest that lies harms the rings of its own pairs alone.
    /// </summary>
    /// <param name="ping">The Ping that it has answered.</param>
    public void Confirm(uint ping)
    {
        while (_retired.TryPeek(out (int Place, uint Confirmation) retired) && (int)(ping - retired.Confirmation) >= 0)
        {
            _retired.Dequeue();
            _free.Push(retired.Place);
        }
    }

    /// <summary>Something broke that should not: ends the bus, and nothing else.</summary>
    public void Fail(Exception failure) => Signals.Fail(failure);

    /// <summary>The bus has ended, or never began. Bytes of rings whose end is known stay readable. Once.</summary>
    public void Close()
    {
        lock (_bus?.Gate ?? _early)
        {
            _placesClosed = true;
        }

        Signals.Close();
        foreach (RingPair? pair in _pairs)
        {
            if (pair is not null)
            {
                Close(pair.Producer);
            }
        }

        _arena.Release();
        Loop.Release();
    }

    /// <summary>On the host: a free place, made as new.</summary>
    private int TakePlace()
    {
        if (_placesClosed || !_free.TryPop(out int place))
        {
            return NoPlace;
        }

        _arena.ClearIndices(place);
        return place;
    }

    private int ReadPlace(FrameType type, uint pair, uint ring) => ring == 0 ? NoPlace
        : ring - 1 < (uint)_pairs.Length ? (int)ring - 1
        : throw CorruptFrame.Error(type, pair, "ring", $"is {ring}; there is none of that number");

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
