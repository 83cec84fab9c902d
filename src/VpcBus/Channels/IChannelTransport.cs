namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// The transport of the bytes of a channel pair: frames over the link, or two rings in shared memory. How a pair opens, ends and fails does
/// not depend on it and is implemented in the pair and in <see cref="ChannelWriter"/> and <see cref="ChannelReader"/>.
/// </summary>
internal interface IChannelTransport
{
    /// <summary>The pair's slot in the bus's transport, or -1 when it has none.</summary>
    int Slot { get; }

    /// <summary>Creates the two ends of a pair on this side. Called once for each pair. Under the bus's gate.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="sendWindow">The most bytes in transit that the other side accepts.</param>
    (ChannelWriter Output, ChannelReader Input) Open(BusConnection bus, BusChannelPair pair, int sendWindow);

    /// <summary>
    /// Begins to move the pair's bytes to and from a local stream without the pair's reader and writer. Without the bus's gate.
    /// </summary>
    /// <param name="local">The stream.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="resetEnds">Whether a reset of the local connection counts as a normal end of its bytes.</param>
    /// <returns>Null when the transport cannot do that with this stream, or the pair's caller has begun to use the pair.</returns>
    IDirectRelay? TryRelay(Stream local, BusChannelPair pair, bool resetEnds);

    /// <summary>The pair has ended. Under the bus's gate.</summary>
    void Leave();
}
