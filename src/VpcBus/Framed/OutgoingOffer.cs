using VpcComApi.VpcBus.Diagnostics;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>A channel pair that this side offers, until the other side has answered.</summary>
internal sealed class OutgoingOffer(BusConnection bus, uint number, string service, byte[] encodedService) : IControlSource
{
    private bool offered;
    private bool withdrawOwed;

    /// <summary>The number of the pair.</summary>
    public uint Number { get; } = number;

    /// <summary>The record of the pair, if there will be one.</summary>
    public ChannelHistory History { get; } = NewHistory(bus);

    /// <summary>What is offered.</summary>
    public string Service { get; } = service;

    /// <summary>The answer: a pair, or why there is none.</summary>
    public TaskCompletionSource<BusChannelPair> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the other side has been told. Guarded by the gate.</summary>
    public bool IsOffered => offered;

    /// <summary>Whether nobody waits for the answer any more. Guarded by the gate.</summary>
    public bool IsWithdrawn { get; private set; }

    /// <summary>The slot that is offered with it; -1 for none. Guarded by the gate.</summary>
    public int Slot { get; set; } = -1;

    bool IControlSource.IsQueued { get; set; }

    /// <summary>Gives the offer up; its slot stays taken until the other side has answered. Under the gate.</summary>
    public void Withdraw()
    {
        IsWithdrawn = true;
        if (offered)
        {
            withdrawOwed = true;
            bus.Owe(this);
        }
        else
        {
            // It is still in the queue, so the other side never hears of it.
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
        else if (withdrawOwed)
        {
            withdrawOwed = false;
            writer.Write(FrameType.Withdraw, Number);
        }
    }
}
