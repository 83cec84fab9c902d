using VpcComApi.VpcBus.Diagnostics;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Protocol;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VpcBus;

/// <summary>A channel pair that the other side offers. It stays open until it is answered or the other side withdraws it.</summary>
public sealed class BusChannelOffer : IControlSource
{
    private readonly BusConnection bus;
    private readonly int sendWindow;
    private readonly ChannelHistory history;
    private readonly int slot;
    private State state;
    private int answeredSlot = -1;
    private int code;
    private byte[] reason = [];

    internal BusChannelOffer(BusConnection bus, uint number, string service, int sendWindow, int slot)
    {
        this.bus = bus;
        this.sendWindow = sendWindow;
        this.slot = slot;
        Number = number;
        Service = service;
        history = new ChannelHistory(bus.Options.TimeProvider);
        history.Note(ChannelEventKind.Offered);
    }

    private enum State
    {
        /// <summary>Waits for an answer.</summary>
        Open,

        /// <summary>The offer was accepted.</summary>
        Accepted,

        /// <summary>The offer was refused.</summary>
        Rejected,

        /// <summary>The other side withdrew the offer before it was answered, or the bus ended.</summary>
        GivenUp,
    }

    /// <summary>The service that the other side wants to use. Text from the other side: at most
    /// <see cref="BusOptions.MaxServiceNameLength"/> bytes of UTF-8 without control characters.</summary>
    public string Service { get; }

    internal uint Number { get; }

    internal bool IsOpen => state == State.Open;

    bool IControlSource.IsQueued { get; set; }

    /// <summary>Accepts the offer. The pair can be used at once.</summary>
    /// <exception cref="BusException"><see cref="BusError.TooManyChannels"/>: this side allows no more pairs, and the offer is refused;
    /// <see cref="BusError.ChannelReset"/>: the other side withdrew the offer; or the error that ended the bus.</exception>
    /// <exception cref="InvalidOperationException">The offer was answered before.</exception>
    public Task<BusChannelPair> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<BusChannelPair>(cancellationToken);
        }

        BusChannelPair? pair = null;
        BusException? failure;
        lock (bus.Gate)
        {
            failure = CheckOpen();
            if (failure is null)
            {
                try
                {
                    pair = bus.TryOpen(Number, Service, sendWindow, history, slot);
                }
                catch (BusException corrupt)
                {
                    bus.EndAsCorrupt(corrupt);
                    return Task.FromException<BusChannelPair>(corrupt);
                }

                answeredSlot = pair?.Slot ?? -1;
                if (pair is null)
                {
                    failure = bus.TooManyChannels();
                    code = RejectCode.TooManyChannels;
                    reason = BusText.Encode(failure.Message, BusOptions.MaxReasonLength);
                }

                state = pair is null ? State.Rejected : State.Accepted;
                bus.QueueControl(this);
            }
        }

        bus.WakeWriter();
        return failure is null ? Task.FromResult(pair!) : Task.FromException<BusChannelPair>(failure);
    }

    /// <summary>
    /// Refuses the offer. Does nothing if the other side has withdrawn the offer or the bus has ended.
    /// </summary>
    /// <param name="code">A code that the service defines, at least 0; for example a <see cref="RelayRejection"/>.</param>
    /// <param name="reason">Why, for people; cut to <see cref="BusOptions.MaxReasonLength"/> bytes of UTF-8.</param>
    /// <param name="cancellationToken">Cancels before the refusal is sent.</param>
    /// <exception cref="InvalidOperationException">The offer was answered before.</exception>
    public Task RejectAsync(int code, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(code);
        ArgumentNullException.ThrowIfNull(reason);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        lock (bus.Gate)
        {
            if (CheckOpen() is null)
            {
                Refuse(code, reason);
            }
        }

        bus.WakeWriter();
        return Task.CompletedTask;
    }

    void IControlSource.WriteControl(ref FrameWriter writer)
    {
        if (state == State.Accepted)
        {
            bus.Transport.WriteAccept(ref writer, Number, bus.Options.Window, answeredSlot);
        }
        else
        {
            writer.Write(FrameType.Reject, Number, unchecked((uint)code), reason);
        }

        // The offer counts as unanswered until now, so the number of answers that wait for the link is bounded too.
        bus.Forget(this);
    }

    /// <summary>Refuses an open offer. Under the gate.</summary>
    internal void Refuse(int code, string reason)
    {
        state = State.Rejected;
        this.code = code;
        this.reason = BusText.Encode(reason, BusOptions.MaxReasonLength);
        bus.QueueControl(this);
    }

    /// <summary>
    /// The bus is being closed. A caller that is about to answer the offer gets that error, and not "answered before". Under the gate.
    /// </summary>
    internal void RefuseForBus(string reason)
    {
        Refuse(RejectCode.Closing, reason);
        state = State.GivenUp;
    }

    /// <summary>The other side withdrew the offer. Under the gate.</summary>
    internal void GiveUp()
    {
        if (state == State.Open)
        {
            Refuse(RejectCode.Withdrawn, "");
            state = State.GivenUp;
        }
    }

    /// <summary>The bus ended; nothing can be sent. Under the gate.</summary>
    internal void EndWithBus()
    {
        if (state == State.Open)
        {
            state = State.GivenUp;
        }
    }

    private BusException? CheckOpen() => state switch
    {
        State.Open => null,
        State.GivenUp => bus.EndError
            ?? new BusException(BusError.ChannelReset, $"The other side withdrew its offer of '{Service}' before it was answered."),
        _ => throw new InvalidOperationException($"The offer of '{Service}' was answered before."),
    };
}
