namespace VpcComApi.FaultRun;

/// <summary>The ledger of all kills of one victim.</summary>
internal sealed class FaultTotals
{
    private readonly List<double> settled = [];

    /// <summary>Kills.</summary>
    public int Kills => settled.Count;

    /// <summary>Transfers that were running or planned.</summary>
    public int Transfers { get; set; }

    /// <summary>Transfers that both ends saw complete.</summary>
    public int Complete { get; set; }

    /// <summary>Bytes whose writes succeeded, both directions.</summary>
    public long Sent { get; set; }

    /// <summary>Bytes that arrived at the other end.</summary>
    public long Received { get; set; }

    /// <summary>Bytes that did not arrive, of transfers whose failure was reported to an end.</summary>
    public long ReportedLost { get; set; }

    /// <summary>Bytes whose loss was not reported. Must be 0.</summary>
    public long Unreported { get; set; }

    /// <summary>
    /// Milliseconds from the kill until all other processes had detected the end and nothing was left: median and longest.
    /// </summary>
    public (double Median, double Longest) Settled =>
        settled.Count == 0 ? default : (settled.Order().ElementAt(settled.Count / 2), settled.Max());

    /// <summary>Notes one kill.</summary>
    public void Add(TimeSpan untilSettled) => settled.Add(untilSettled.TotalMilliseconds);
}
