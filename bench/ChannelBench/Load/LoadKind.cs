namespace VpcComApi.ChannelBench.Load;

/// <summary>What the load's server does with a connection next.</summary>
internal enum LoadKind
{
    /// <summary>Reads the client's bytes and answers how many there were.</summary>
    Sink = 1,

    /// <summary>Writes bytes.</summary>
    Source = 2,

    /// <summary>Sends messages back, until one of them says that it is the last.</summary>
    Echo = 3,
}
