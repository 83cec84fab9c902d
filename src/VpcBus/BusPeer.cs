namespace VpcComApi.VpcBus;

/// <summary>What the other side of a bus has sent about itself in its hello.</summary>
/// <param name="Side">Which side it is.</param>
/// <param name="Revision">The protocol revision that both sides agreed on.</param>
/// <param name="ComponentVersion">
/// The version of its component. Text from the other side: for people, not for decisions.
/// </param>
/// <param name="SessionId">The other side's name for this connection; a new one for each connection it makes.</param>
/// <param name="MaxFramePayload">Payload bytes that it accepts in one frame.</param>
/// <param name="MaxChannelPairs">Channel pairs that it accepts at the same time.</param>
/// <param name="MaxPendingOffers">Unanswered offers that it accepts at the same time.</param>
public sealed record BusPeer(
    BusSide Side, int Revision, string ComponentVersion, Guid SessionId, int MaxFramePayload, int MaxChannelPairs, int MaxPendingOffers)
{
    /// <summary>The optional features that both sides support; see <see cref="Protocol.Hello"/>.</summary>
    internal uint Capabilities { get; init; }
}
