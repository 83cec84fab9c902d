namespace VpcComApi.VpcBus.Protocol;

/// <summary>The type of a frame. Frames of unknown types are skipped, so that types can be added to the protocol.</summary>
internal enum FrameType : byte
{
    /// <summary>Bytes of a channel. Id: channel. Payload: 1 byte up to the receiver's largest frame and within the credit.</summary>
    Data = 1,

    /// <summary>The receiver of a channel allows more bytes. Id: channel. Payload: u32 bytes.</summary>
    Credit = 2,

    /// <summary>The sender of a channel has sent its last byte. Id: channel.</summary>
    End = 3,

    /// <summary>The receiver of a channel has stopped reading. Id: channel. The sender answers with <see cref="End"/>.</summary>
    ReadingStopped = 4,

    /// <summary>A pair ends at once in both directions. Id: pair. Payload: u32 cause (a <see cref="BusError"/>), u16 length, reason.
    /// Answered with the same type.</summary>
    Reset = 5,

    /// <summary>A pair is offered. Id: pair. Payload: u32 window of the offerer's receiving channel, u16 length, service name.</summary>
    Offer = 6,

    /// <summary>An offer is accepted. Id: pair. Payload: u32 window of the accepter's receiving channel.</summary>
    Accept = 7,

    /// <summary>An offer is refused. Id: pair. Payload: i32 code, u16 length, reason.</summary>
    Reject = 8,

    /// <summary>
    /// The offerer withdraws its offer. Id: pair. Answered with <see cref="Reject"/> unless an answer is under way.
    /// </summary>
    Withdraw = 9,

    /// <summary>
    /// The last frame of a side. Id: 0. Payload: u32 cause (0: orderly, else a <see cref="BusError"/>), u16 length, reason.
    /// </summary>
    Goodbye = 10,

    /// <summary>Asks for a <see cref="Pong"/>. Id: any number, repeated in the answer.</summary>
    Ping = 11,

    /// <summary>Answers the latest <see cref="Ping"/>. Id: that of the question.</summary>
    Pong = 12,
}
