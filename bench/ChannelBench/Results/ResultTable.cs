using System.Globalization;
using System.Text;

namespace VpcComApi.ChannelBench.Results;

/// <summary>The results of one suite.</summary>
/// <param name="Title">What the suite compares.</param>
/// <param name="Subjects">The compared chains or libraries, the product first.</param>
/// <param name="Measures">What was measured.</param>
internal sealed record ResultTable(string Title, IReadOnlyList<string> Subjects, IReadOnlyList<Measure> Measures)
{
    /// <summary>Adds the comparison of every measure with one more subject.</summary>
    /// <param name="peer">The subject; measures that do not have it stay as they are.</param>
    public void CompareWith(string peer)
    {
        foreach (Measure measure in Measures)
        {
            measure.CompareWith(peer);
        }
    }

    /// <summary>The table in Markdown, aligned so that it can be read as plain text.</summary>
    public string ToMarkdown()
    {
        string[] peers = [.. Measures.SelectMany(measure => measure.Goals).Select(goal => goal.Peer ?? string.Empty).Distinct()];
        List<string[]> rows = [["measure", .. Subjects, .. peers.Select(peer => peer.Length == 0 ? "goal" : $"to {peer}")]];
        foreach (Measure measure in Measures.Where(measure => measure.HasValues))
        {
            rows.Add([
                $"{measure.Name}, {measure.Unit}",
                .. Subjects.Select(subject => ValueText(measure, subject)),
                .. peers.Select(peer => GoalText(measure, peer))]);
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"**{Title}**\n\n");
        for (int row = 0; row < rows.Count; row++)
        {
            text.Append(Line(rows[row], widths));
            if (row == 0)
            {
                text.Append(Line([.. widths.Select(width => new string('-', width))], widths));
            }
        }

        return text.ToString();
    }

    private static string Line(string[] cells, int[] widths) =>
        "| " + string.Join(" | ", cells.Select((cell, column) => cell.PadRight(widths[column]))) + " |\n";

    private static string ValueText(Measure measure, string subject)
    {
        IReadOnlyList<double> rounds = measure.Rounds(subject);
        return rounds.Count == 0
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"{Number(Statistics.Median(rounds))} ±{Statistics.Spread(rounds) * 50:0} %");
    }

    private string GoalText(Measure measure, string peer)
    {
        Goal? goal = measure.Goals.FirstOrDefault(goal => (goal.Peer ?? string.Empty) == peer);
        if (goal is null || measure.Judge(goal, Subjects[0]) is not { } result)
        {
            return string.Empty;
        }

        string value = goal.Peer is null
            ? string.Empty
            : string.Create(
                CultureInfo.InvariantCulture, $"{result.Value:0.00} ({result.MiddleHalf.Low:0.00} to {result.MiddleHalf.High:0.00}), ");
        return $"{value}{measure.Describe(goal)}: {(result.IsMet ? "met" : "MISSED")}";
    }

    private static string Number(double value) => value switch
    {
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
