namespace VpcComApi.ChannelBench.Results;

/// <summary>One measured quantity, for the product and its peers, in several rounds.</summary>
/// <param name="name">Its name.</param>
/// <param name="unit">The unit.</param>
/// <param name="moreIsBetter">Whether a larger value is a better one.</param>
/// <param name="goals">The targets of the product.</param>
internal sealed class Measure(string name, string unit, bool moreIsBetter, params IReadOnlyList<Goal> goals)
{
    /// <summary>How far another revision may be better before today's counts as slower.</summary>
    private const double Tolerance = 0.97;

    private readonly Dictionary<string, List<double>> rounds = [];
    private readonly List<Goal> goals = [.. goals];

    /// <summary>The name of the quantity.</summary>
    public string Name => name;

    /// <summary>The unit.</summary>
    public string Unit => unit;

    /// <summary>The targets of the product.</summary>
    public IReadOnlyList<Goal> Goals => goals;

    /// <summary>Adds the goal to be no worse than another subject that was measured, within 3 %.</summary>
    /// <param name="peer">The subject.</param>
    public void CompareWith(string peer)
    {
        if (rounds.ContainsKey(peer))
        {
            goals.Add(new Goal(peer, moreIsBetter ? Tolerance : 1 / Tolerance));
        }
    }

    /// <summary>Whether there is anything to show.</summary>
    public bool HasValues => rounds.Count > 0;

    /// <summary>Adds one round's value.</summary>
    /// <param name="subject">The measured chain or library.</param>
    /// <param name="value">The value.</param>
    public void Add(string subject, double value)
    {
        if (!rounds.TryGetValue(subject, out List<double>? values))
        {
            rounds.Add(subject, values = []);
        }

        values.Add(value);
    }

    /// <summary>The rounds of a subject; none when it was not measured.</summary>
    public IReadOnlyList<double> Rounds(string subject) => rounds.GetValueOrDefault(subject) ?? [];

    /// <summary>The median of a subject, or null when it was not measured.</summary>
    public double? Median(string subject) => rounds.TryGetValue(subject, out List<double>? values) ? Statistics.Median(values) : null;

    /// <summary>The result of the product for a goal.</summary>
    /// <param name="goal">One of <see cref="Goals"/>.</param>
    /// <param name="product">The product's name among the subjects.</param>
    /// <returns>Null when it was not measured.</returns>
    public GoalResult? Judge(Goal goal, string product)
    {
        IReadOnlyList<double> ours = Rounds(product);
        if (ours.Count == 0)
        {
            return null;
        }

        if (goal.Peer is null)
        {
            double median = Statistics.Median(ours);
            return new GoalResult(median, Statistics.MiddleHalf(ours), IsMet(median, goal));
        }

        IReadOnlyList<double> theirs = Rounds(goal.Peer);
        if (theirs.Count == 0)
        {
            return null;
        }

        // The rounds alternate, so that both values of a round were measured under the same load: the spread of their ratios is the noise
        // of the comparison.
        double ratio = Statistics.Median(ours) / Statistics.Median(theirs);
        return new GoalResult(ratio, Statistics.MiddleHalf([.. ours.Zip(theirs, (our, their) => our / their)]), IsMet(ratio, goal));
    }

    private bool IsMet(double value, Goal goal) => moreIsBetter ? value >= goal.Limit : value <= goal.Limit;

    /// <summary>The goal's limit as text.</summary>
    public string Describe(Goal goal) => FormattableString.Invariant($"{(moreIsBetter ? ">=" : "<=")} {goal.Limit:0.0##}");
}
