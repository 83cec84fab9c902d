namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>The fault when the connection of a <see cref="LossyPort"/> ends.</summary>
internal enum LinkFault
{
    /// <summary>Bytes in transit are lost, as on a socket.</summary>
    Cuts,

    /// <summary>A part of the bytes in transit is lost; the rest arrives on the next connection.</summary>
    LosesBytes,

    /// <summary>Nothing is lost, and a part of what was delivered before is delivered again on the next connection.</summary>
    ReplaysStaleBytes,
}
