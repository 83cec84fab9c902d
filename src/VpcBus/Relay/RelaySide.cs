namespace VpcComApi.VpcBus.Relay;

/// <summary>Which side of a relay failed first.</summary>
public enum RelaySide
{
    /// <summary>None: both directions ended in order.</summary>
    None = 0,

    /// <summary>The local stream: reading or writing it failed.</summary>
    Local,

    /// <summary>The channel pair: it was reset, nobody reads at its other end, or the bus ended.</summary>
    Bus,

    /// <summary>Neither: the relay was cancelled.</summary>
    Canceled,
}
