using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// What carries the bytes of a channel pair: frames over the link, or two rings in shared memory. All that does not depend on it, which is
/// how a pair opens, ends and fails, is in the pair and in <see cref="ChannelWriter"/> and <see cref="ChannelReader"/>.
/// </summary>
internal interface IChannelTransport
{
    /// <summary>Where the pair's rings lie, or -1 when there are none.</summary>
    int Place { get; }

    /// <summary>Makes the two ends of a pair on this side. Once for each pair. Under the bus's gate.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="sendWindow">The most bytes under way that the other side takes.</param>
    (ChannelWriter Output, ChannelReader Input) Open(BusConnection bus, BusChannelPair pair, int sendWindow);

    /// <summary>Lets somebody else than the pair's caller move the bytes of both directions. Under the bus's gate.</summary>
    /// <param name="user">Gets a turn whenever something happens.</param>
    /// <returns>The rings to move them through, or null when there are none or the pair's caller has begun to use it.</returns>
    RingPair? TryHandOver(LoopTask user);

    /// <summary>The pair has ended. Under the bus's gate.</summary>
    void Leave();
}
