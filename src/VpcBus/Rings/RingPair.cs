using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Linux;

namespace VpcComApi.VpcBus.Rings;

/// <summary>The two rings that transfer the bytes of a channel pair, and the task that gets a turn at a signal.</summary>
/// <param name="bus">The rings of the bus.</param>
/// <param name="slot">The slot of the rings.</param>
/// <param name="producer">The end to which this side writes bytes.</param>
/// <param name="consumer">The end from which this side reads bytes.</param>
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
    /// The most moves in one turn, in each direction. A guest chooses how many bytes it makes available for each move, and so how long it
    /// would take to move all.
    /// </summary>
    public const int MovesPerTurn = 64;

    /// <summary>The slot of the rings.</summary>
    public int Slot => slot;

    /// <summary>The end to which this side writes bytes.</summary>
    public RingProducer Producer => producer;

    /// <summary>The end from which this side reads bytes.</summary>
    public RingConsumer Consumer => consumer;

    /// <summary>The process's loop.</summary>
    public EventLoop Loop => bus.Loop;

    /// <summary>The other side has stopped reading what this side writes.</summary>
    public bool IsAbandonedByPeer { get; set; }

    /// <summary>Whether the pair has ended as far as the bus is concerned; its rings may still hold bytes.</summary>
    public bool IsGone => isGone;

    /// <summary>The task that gets a turn at a signal.</summary>
    public LoopTask SignalTarget => isGone ? this : relay ?? this;

    /// <summary>The other side has signalled. Called on the loop's thread.</summary>
    /// <returns>Whether any byte was moved since its previous signal; if not, that signal was needless.</returns>
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
    /// <param name="relay">The relay, which gets a turn at each signal.</param>
    /// <returns>True if it may move them; false if the pair's caller has begun to use the pair.</returns>
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

    /// <summary>Gives a turn to the task that moves the bytes, because the state of the pair has changed.</summary>
    public void Wake() => Loop.Post(relay ?? this);

    /// <summary>The pair has ended; its slot becomes free when the last bytes are read. Under the bus's gate.</summary>
    public void Leave()
    {
        isGone = true;
        if (bus.Side == BusSide.Guest)
        {
            // When the host has read its whole ring and has received the Pong that follows this, it may assign the slot to another pair at
            // any moment.
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

        // A relay that needs another turn has requested it.
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
