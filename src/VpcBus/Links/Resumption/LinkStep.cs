namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>The effect of a frame on the session.</summary>
internal enum LinkStep
{
    /// <summary>No effect to which the owner must react.</summary>
    Nothing,

    /// <summary>The frame's payload contains the next bytes of the stream.</summary>
    Deliver,

    /// <summary>No bytes follow.</summary>
    End,

    /// <summary>Both sides are synchronised; bytes can be sent.</summary>
    Synchronised,

    /// <summary>Bytes are missing, or the other side synchronises again: everything up to the next Sync is to be skipped.</summary>
    Interrupted,
}
