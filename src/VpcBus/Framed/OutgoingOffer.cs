using VpcComApi.VpcBus.Diagnostics;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>An offer of a channel pair by this side, until the other side has answered.</summary>
internal sealed class OutgoingOffer(BusConnection bus, uint number, string service, byte[] encodedService) : IControlSource
{
    private bool offered;
    private bool withdrawPending;

    /// <summary>The number of the pair.</summary>
    public uint Number { get; } = number;

    /// <summary>The events of the pair, if the offer is accepted.</summary>
    public ChannelHistory History { get; } = NewHistory(bus);

    /// <summary>The service that is offered.</summary>
    public string Service { get; } = service;

    /// <summary>The answer: a pair, or the reason why there is none.</summary>
    public TaskCompletionSource<BusChannelPair> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the offer was sent. Guarded by the gate.</summary>
    public bool IsOffered => offered;

    /// <summary>Whether nobody waits for the answer any more. Guarded by the gate.</summary>
    public bool IsWithdrawn { get; private set; }

    /// <summary>The slot that is offered with it, or -1 for none. Guarded by the gate.</summary>
    public int Slot { get; set; } = -1;

    bool IControlSource.IsQueued { get; set; }

    /// <summary>Withdraws the offer; its slot stays taken until the other side has answered. Under the gate.</summary>
    public void Withdraw()
    {
        IsWithdrawn = true;
        if (offered)
        {
            withdrawPending = true;
            bus.QueueControl(this);
        }
        else
        {
            // The offer is still in the queue and is never sent.
            bus.Forget(this);
        }
    }

    private static ChannelHistory NewHistory(BusConnection bus)
    {
        ChannelHistory history = new(bus.Options.TimeProvider);
        history.Note(ChannelEventKind.Offered);
        return history;
    }

    void IControlSource.WriteControl(ref FrameWriter writer)
    {
        if (!offered)
        {
            if (!IsWithdrawn)
            {
                offered = true;
                Slot = bus.Transport.WriteOffer(ref writer, Number, bus.Options.Window, encodedService);
            }
        }
        else if (withdrawPending)
        {
            withdrawPending = false;
            writer.Write(FrameType.Withdraw, Number);
        }
    }
}
