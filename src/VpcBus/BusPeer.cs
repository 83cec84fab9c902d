namespace VpcComApi.VpcBus;

/// <summary>What the other end of a bus said about itself in its hello.</summary>
/// <param name="Side">Which end it is.</param>
/// <param name="Revision">The protocol revision that both sides agreed on.</param>
/// <param name="ComponentVersion">
/// The version of the component that speaks. Text from the other side: for people, not for decisions.
/// </param>
/// <param name="SessionId">The other side's name for this connection; a new one for each connection it makes.</param>
/// <param name="MaxFramePayload">Payload bytes that it takes in one frame.</param>
/// <param name="MaxChannelPairs">Channel pairs that it bears.</param>
/// <param name="MaxPendingOffers">Unanswered offers that it bears.</param>
public sealed record BusPeer(
    BusSide Side, int Revision, string ComponentVersion, Guid SessionId, int MaxFramePayload, int MaxChannelPairs, int MaxPendingOffers)
{
    /// <summary>What the other side can do beyond the revision, of which this side knows too; see <see cref="Protocol.Hello"/>.</summary>
    internal uint Capabilities { get; init; }
}
