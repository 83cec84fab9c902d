namespace VpcComApi.ComServer.Verification;

/// <summary>What a check found.</summary>
/// <param name="Outcome">How it came out.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Advice">What to do; null when there is nothing to do.</param>
internal sealed record CheckResult(CheckOutcome Outcome, string Seen, string? Advice = null)
{
    /// <summary>What must hold does.</summary>
    public static CheckResult Pass(string seen) => new(CheckOutcome.Passed, seen);

    /// <summary>It does not.</summary>
    public static CheckResult Fail(string seen, string advice) => new(CheckOutcome.Failed, seen, advice);

    /// <summary>It cannot be asked here.</summary>
    public static CheckResult NotApplicable(string seen, string? advice = null) => new(CheckOutcome.NotApplicable, seen, advice);

    /// <summary>Passes when no fault was found, and else fails with all of them.</summary>
    /// <param name="faults">The faults.</param>
    /// <param name="seen">What was seen when there is none.</param>
    /// <param name="advice">What to do when there is one.</param>
    public static CheckResult Of(IReadOnlyCollection<string> faults, string seen, string advice) =>
        faults.Count == 0 ? Pass(seen) : Fail(string.Join("; ", faults), advice);
}
