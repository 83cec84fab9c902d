namespace VpcComApi.VpcBus.Tests.Model;

/// <summary>The life of one pair: who offers it, how the other answers, and what both do with it.</summary>
/// <param name="HostOffers">Whether the host offers it.</param>
/// <param name="GivesUpAfter">Yields after which the offerer gives its offer up; null when it does not.</param>
/// <param name="Refuses">Whether the other side refuses.</param>
/// <param name="Offerer">What the offerer does with it.</param>
/// <param name="Accepter">What the other side does with it.</param>
internal sealed record PairPlan(bool HostOffers, int? GivesUpAfter, bool Refuses, PairScript Offerer, PairScript Accepter);
