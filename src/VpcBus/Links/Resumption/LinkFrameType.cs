namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>What a frame of the resumable link says. One that a side does not know is skipped.</summary>
internal enum LinkFrameType : byte
{
    /// <summary>
    /// Begins a stretch of frames: who speaks, which connection, and where the bytes stand. Payload: <see cref="LinkSync"/>.
    /// </summary>
    Sync = 1,

    /// <summary>Bytes of the stream, from <see cref="LinkFrameHeader.Sequence"/> on.</summary>
    Data = 2,

    /// <summary>Nothing but its header: what has arrived, and how many bytes may come.</summary>
    Acknowledge = 3,

    /// <summary>Asks for an <see cref="Acknowledge"/> at once.</summary>
    Probe = 4,

    /// <summary>Nothing follows the bytes before. Takes one number itself, so that it is acknowledged like a byte.</summary>
    End = 5,

    /// <summary>The sender has given the session up. Payload: u32 cause (a <see cref="BusError"/>), u16 length, reason.</summary>
    Abort = 6,
}
