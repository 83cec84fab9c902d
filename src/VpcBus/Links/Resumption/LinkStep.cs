namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>What a frame meant for the session.</summary>
internal enum LinkStep
{
    /// <summary>Nothing that its owner must act on.</summary>
    Nothing,

    /// <summary>The frame's payload is the next bytes of the stream.</summary>
    Deliver,

    /// <summary>No bytes follow.</summary>
    End,

    /// <summary>Both sides know where they stand; bytes flow.</summary>
    Synchronised,

    /// <summary>Bytes are missing, or the other side begins anew: everything up to the next Sync is to be skipped.</summary>
    Interrupted,
}
