using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// What carries the bytes of all channel pairs of a bus, and how the two sides agree on it for each pair, in its Offer and Accept. With
/// rings, a pair has a place, or goes in frames when there is none left; without, no pair has one.
/// </summary>
/// <remarks>
/// Everything but <see cref="Start"/> and <see cref="Close"/> is called under the bus's gate. A place is a number from 0, or -1 for none.
/// </remarks>
internal interface IBusTransport
{
    /// <summary>The bus begins. Once, and not when there is none in the end.</summary>
    void Start(BusConnection bus);

    /// <summary>The bus has ended, or never began. Once.</summary>
    void Close();

    /// <summary>Writes an Offer of this side.</summary>
    /// <returns>The place that it offers. It is taken until the offer is answered.</returns>
    int WriteOffer(ref FrameWriter writer, uint pair, int window, ReadOnlySpan<byte> service);

    /// <summary>Reads the place in an Offer of the other side, behind its other fields.</summary>
    /// <exception cref="BusException">There is no such place.</exception>
    int ReadOffer(uint pair, ref PayloadReader payload);

    /// <summary>Chooses the place of a pair that the other side has offered and that this side accepts.</summary>
    /// <param name="offered">The place in the offer.</param>
    int ChoosePlace(int offered);

    /// <summary>Writes an Accept of this side.</summary>
    void WriteAccept(ref FrameWriter writer, uint pair, int window, int place);

    /// <summary>Reads the place in an Accept of the other side, behind its other fields. It belongs to the pair from here on.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="payload">The rest of the payload.</param>
    /// <param name="offered">The place that this side has offered.</param>
    /// <exception cref="BusException">There is no such place, or it is not that of the offer.</exception>
    int ReadAccept(uint pair, ref PayloadReader payload, int offered);

    /// <summary>Takes back a place that this side has offered and that no pair has got.</summary>
    void ReturnPlace(int place);

    /// <summary>Makes what carries a pair's bytes.</summary>
    /// <param name="place">The pair's place.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="sendWindow">The most bytes under way that the other side takes.</param>
    /// <param name="receiveWindow">The most bytes under way that this side takes.</param>
    /// <exception cref="BusException">The place is another pair's.</exception>
    IChannelTransport Open(int place, uint pair, int sendWindow, int receiveWindow);

    /// <summary>The other side has taken in all that was sent before a Ping.</summary>
    /// <param name="ping">The Ping that it has answered.</param>
    void Confirm(uint ping);
}
