namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The type of a frame of the resumable link. A frame of an unknown type is skipped.</summary>
internal enum LinkFrameType : byte
{
    /// <summary>
    /// Identifies the sender, the session and the connection, and gives the positions in the streams. Payload: <see cref="LinkSync"/>.
    /// </summary>
    Sync = 1,

    /// <summary>Bytes of the stream, from <see cref="LinkFrameHeader.Sequence"/> on.</summary>
    Data = 2,

    /// <summary>Only its header matters: how many bytes have arrived, and how many may be sent.</summary>
    Acknowledge = 3,

    /// <summary>Asks for an <see cref="Acknowledge"/> at once.</summary>
    Probe = 4,

    /// <summary>The stream of this direction has ended. Has a number of its own, so that it is acknowledged like a byte.</summary>
    End = 5,

    /// <summary>
    /// The sender has ended the session because of an error. Payload: u32 cause (a <see cref="BusError"/>), u16 length, reason.
    /// </summary>
    Abort = 6,
}
