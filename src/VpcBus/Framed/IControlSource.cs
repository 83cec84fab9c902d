using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Framed;

/// <summary>
/// Something that has control frames to send: the bus, an offer, a pair. It records its pending frames in its own fields and is in the
/// control queue at most once. So the number of open pairs and offers bounds the queue, whatever the other side sends.
/// </summary>
internal interface IControlSource
{
    /// <summary>Whether this source is in the control queue. Guarded by the bus's gate.</summary>
    bool IsQueued { get; set; }

    /// <summary>Writes all pending frames, at most <see cref="FrameWriter.LargestBurst"/> bytes. Called under the bus's gate.</summary>
    void WriteControl(ref FrameWriter writer);
}
