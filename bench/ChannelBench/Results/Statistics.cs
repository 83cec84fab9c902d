namespace VpcComApi.ChannelBench.Results;

/// <summary>Statistics of several rounds.</summary>
internal static class Statistics
{
    private const double LowerQuartile = 0.25;
    private const double Middle = 0.5;
    private const double UpperQuartile = 0.75;

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, Middle);

    /// <summary>The range of the middle half of the values.</summary>
    public static (double Low, double High) MiddleHalf(IReadOnlyList<double> values) =>
        (Quantile(values, LowerQuartile), Quantile(values, UpperQuartile));

    /// <summary>The middle half's width in parts of the median.</summary>
    public static double Spread(IReadOnlyList<double> values)
    {
        (double low, double high) = MiddleHalf(values);
        return (high - low) / Median(values);
    }

    /// <summary>The quantile of the values, interpolated between neighbouring values.</summary>
    /// <param name="values">At least one value.</param>
    /// <param name="part">0 to 1.</param>
    public static double Quantile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        double place = part * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
