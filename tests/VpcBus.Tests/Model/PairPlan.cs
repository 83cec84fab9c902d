namespace VpcComApi.VpcBus.Tests.Model;

/// <summary>The life cycle of one pair: the side that offers it, the answer of the other one, and the operations of both.</summary>
/// <param name="HostOffers">Whether the host offers it.</param>
/// <param name="GivesUpAfter">Yields after which the offerer gives its offer up; null when it does not.</param>
/// <param name="Refuses">Whether the other side refuses.</param>
/// <param name="Offerer">What the offerer does with it.</param>
/// <param name="Accepter">What the other side does with it.</param>
internal sealed record PairPlan(bool HostOffers, int? GivesUpAfter, bool Refuses, PairScript Offerer, PairScript Accepter);
