namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>What goes wrong where a <see cref="LossyPort"/> is cut.</summary>
internal enum LinkFault
{
    /// <summary>What is under way is lost, as on a socket.</summary>
    Cuts,

    /// <summary>Something out of the middle of what is under way is lost; the rest arrives on the next connection.</summary>
    LosesBytes,

    /// <summary>Nothing is lost, and a part of what was delivered before is delivered again on the next connection.</summary>
    ReplaysStaleBytes,
}
