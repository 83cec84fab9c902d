namespace VpcComApi.ChannelBench.Load;

/// <summary>The operations of the load's server.</summary>
internal enum LoadKind
{
    /// <summary>Reads the client's bytes and sends their number.</summary>
    Sink = 1,

    /// <summary>Writes bytes.</summary>
    Source = 2,

    /// <summary>Sends messages back, until one of them is marked as the last.</summary>
    Echo = 3,
}
