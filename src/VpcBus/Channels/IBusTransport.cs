using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus.Channels;

/// <summary>
/// The transport of all channel pairs of a bus, and how the two sides agree on it for each pair, in its Offer and Accept. With rings, a
/// pair has a slot, or uses frames if no slot is free; without rings no pair has a slot.
/// </summary>
/// <remarks>
/// Everything except <see cref="Start"/> and <see cref="Close"/> is called under the bus's gate. A slot is a number from 0, or -1 for none.
/// </remarks>
internal interface IBusTransport
{
    /// <summary>The bus begins. Called once, and not if establishing the bus fails.</summary>
    void Start(BusConnection bus);

    /// <summary>The bus has ended, or has not begun. Called once.</summary>
    void Close();

    /// <summary>Writes an Offer of this side.</summary>
    /// <returns>The slot that it offers. It is taken until the offer is answered.</returns>
    int WriteOffer(ref FrameWriter writer, uint pair, int window, ReadOnlySpan<byte> service);

    /// <summary>Reads the slot in an Offer of the other side, after its other fields.</summary>
    /// <exception cref="BusException">There is no such slot.</exception>
    int ReadOffer(uint pair, ref PayloadReader payload);

    /// <summary>Chooses the slot of a pair that the other side has offered and that this side accepts.</summary>
    /// <param name="offered">The slot in the offer.</param>
    int ChooseSlot(int offered);

    /// <summary>Writes an Accept of this side.</summary>
    void WriteAccept(ref FrameWriter writer, uint pair, int window, int slot);

    /// <summary>Reads the slot in an Accept of the other side, after its other fields. It belongs to the pair from here on.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="payload">The rest of the payload.</param>
    /// <param name="offered">The slot that this side has offered.</param>
    /// <exception cref="BusException">There is no such slot, or it is not that of the offer.</exception>
    int ReadAccept(uint pair, ref PayloadReader payload, int offered);

    /// <summary>Takes back a slot that this side has offered and that no pair uses.</summary>
    void ReturnSlot(int slot);

    /// <summary>Creates the transport of a pair's bytes.</summary>
    /// <param name="slot">The pair's slot.</param>
    /// <param name="pair">The pair.</param>
    /// <param name="sendWindow">The most bytes in transit that the other side accepts.</param>
    /// <param name="receiveWindow">The most bytes in transit that this side accepts.</param>
    /// <exception cref="BusException">The slot is another pair's.</exception>
    IChannelTransport Open(int slot, uint pair, int sendWindow, int receiveWindow);

    /// <summary>The other side has processed everything that was sent before a Ping.</summary>
    /// <param name="ping">The Ping that it has answered.</param>
    void Confirm(uint ping);
}
