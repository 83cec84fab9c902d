namespace VpcComApi.VpcBus.Channels;

/// <summary>Moves the bytes of a pair between its transport and a local stream, without the pair's reader and writer.</summary>
/// <remarks>Disposing it releases the local stream. To be called when both directions have ended.</remarks>
internal interface IDirectRelay : IDisposable
{
    /// <summary>From the local stream to the bus.</summary>
    IDirectRelayDirection ToBus { get; }

    /// <summary>From the bus to the local stream.</summary>
    IDirectRelayDirection FromBus { get; }
}
