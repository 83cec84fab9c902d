using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// Something that has control frames to send: the bus, an offer, a pair. It notes what it owes in fields of its own and stands in the
/// control queue at most once, so the queue is bounded by what is open, whatever the other side sends.
/// </summary>
internal interface IControlSource
{
    /// <summary>Whether this source stands in the control queue. Guarded by the bus's gate.</summary>
    bool IsQueued { get; set; }

    /// <summary>Writes everything owed, at most <see cref="FrameWriter.LargestBurst"/> bytes. Called under the bus's gate.</summary>
    void WriteControl(ref FrameWriter writer);
}
