using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>The two rings that carry the bytes of a channel pair, and who is to be told of signals.</summary>
/// <param name="bus">The rings of the bus.</param>
/// <param name="slot">Where the rings lie.</param>
/// <param name="producer">The end that this side puts bytes into.</param>
/// <param name="consumer">The end that this side takes bytes out of.</param>
internal sealed class RingPair(RingBus bus, int slot, RingProducer producer, RingConsumer consumer) : LoopTask, IChannelTransport
{
    private BusConnection? connection;
    private RingChannelWriter? output;
    private RingChannelReader? input;
    private volatile bool isOpen;
    private volatile LoopTask? relay;
    private volatile bool isGone;
    private long movedAtSignal = -1;

    /// <summary>
    /// Pieces that are moved in one turn, each way. A guest decides how small the pieces are, and so how long it would take to move all
    /// there is.
    /// </summary>
    public const int MovesPerTurn = 64;

    /// <summary>Where the rings lie.</summary>
    public int Slot => slot;

    /// <summary>The end that this side puts bytes into.</summary>
    public RingProducer Producer => producer;

    /// <summary>The end that this side takes bytes out of.</summary>
    public RingConsumer Consumer => consumer;

    /// <summary>The process's loop.</summary>
    public EventLoop Loop => bus.Loop;

    /// <summary>The other side reads no more of what this side has put in.</summary>
    public bool IsAbandonedByPeer { get; set; }

    /// <summary>Whether the pair has ended as far as the bus is concerned; its rings may still hold bytes.</summary>
    public bool IsGone => isGone;

    /// <summary>Whose turn a signal calls for.</summary>
    public LoopTask SignalTarget => isGone ? this : relay ?? this;

    /// <summary>The other side has signalled. On the loop's thread.</summary>
    /// <returns>Whether any byte was moved since it did so before; if not, that signal was for nothing.</returns>
    public bool NoteSignal()
    {
        long moved = producer.Tail + consumer.Read;
        bool useful = moved != movedAtSignal;
        movedAtSignal = moved;
        return useful;
    }

    /// <inheritdoc/>
    public (ChannelWriter Output, ChannelReader Input) Open(BusConnection connection, BusChannelPair pair, int sendWindow)
    {
        producer.Owner = pair;
        consumer.Owner = pair;
        this.connection = connection;
        output = new RingChannelWriter(connection, pair, (uint)pair.OutputChannelId, sendWindow, this);
        input = new RingChannelReader(connection, pair, (uint)pair.InputChannelId, this);
        isOpen = true;
        return (output, input);
    }

    /// <inheritdoc/>
    public IDirectRelay? TryRelay(Stream local, BusChannelPair pair, bool resetEnds) => SocketRelay.TryStart(local, this, pair, resetEnds);

    /// <summary>Lets a relay move the bytes of both directions.</summary>
    /// <param name="relay">Gets a turn whenever something happens.</param>
    /// <returns>Whether it may: the pair's caller has not begun to use the pair.</returns>
    public bool TryHandOver(LoopTask relay)
    {
        lock (connection!.Gate)
        {
            if (!output!.IsUntouched || !input!.IsUntouched)
            {
                return false;
            }

            input.LeaveToRelay();
            this.relay = relay;
            return true;
        }
    }

    /// <summary>Gives whoever moves the bytes a turn: something has happened to the pair.</summary>
    public void Wake() => Loop.Post(relay ?? this);

    /// <summary>The pair has ended; its slot becomes free once the last bytes are out. Under the bus's gate.</summary>
    public void Leave()
    {
        isGone = true;
        if (bus.Side == BusSide.Guest)
        {
            // When the host has drained its ring and heard the Pong that follows this, it may give the slot to another pair at any moment.
            lock (producer.Gate)
            {
                producer.Leave();
            }
        }

        Loop.Post(this);
    }

    internal override Turn Run(int budget)
    {
        long before = producer.Tail + consumer.Read;
        if (isGone)
        {
            bus.FreeIfOver(this);
        }
        else if (isOpen)
        {
            Move(connection!);
        }

        // Whoever wants another turn has asked for it.
        return new Turn(producer.Tail + consumer.Read - before, HasMore: false);
    }

    internal override void Fail(Exception failure) => bus.Fail(failure);

    /// <summary>Moves bytes between the rings and the caller's buffers, as far as there is room.</summary>
    private void Move(BusConnection connection)
    {
        lock (connection.Gate)
        {
            output!.Move();
            input!.Move();
        }

        connection.WakeWriter();
    }
}
