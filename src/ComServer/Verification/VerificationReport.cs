using System.Globalization;

namespace VpcComApi.ComServer.Verification;

/// <summary>
/// Writes what was found as plain text that a user can send: without his name and his machine's, and without anything that he keeps secret.
/// The name of a check is written before it is run, so that even the report of a run that crashed says in which.
/// </summary>
/// <param name="writers">Where the text goes. Each is flushed after every part.</param>
/// <param name="redaction">Takes out what names the user and the machine.</param>
internal sealed class VerificationReport(IReadOnlyList<TextWriter> writers, ReportRedaction redaction)
{
    /// <summary>The most characters of one text; a text from the system may have any length.</summary>
    public const int MaximumTextLength = 2000;

    private readonly Dictionary<CheckOutcome, int> counts = [];

    /// <summary>How many checks have come out so.</summary>
    public int Count(CheckOutcome outcome) => counts.GetValueOrDefault(outcome);

    /// <summary>Writes what the report is about.</summary>
    /// <param name="title">The first line.</param>
    /// <param name="facts">What is known of the machine, by name.</param>
    public void Head(string title, IEnumerable<(string Name, string Value)> facts)
    {
        Write(title);
        foreach ((string name, string value) in facts)
        {
            WriteField(name, value);
        }
    }

    /// <summary>Writes which check begins.</summary>
    public void Begin(IVerificationCheck check)
    {
        Write(string.Empty);
        Write(check.Name);
        WriteField("claim", check.Claim);
    }

    /// <summary>Writes how the check that began last came out.</summary>
    public void End(CheckResult result)
    {
        counts[result.Outcome] = Count(result.Outcome) + 1;
        WriteField("result", NameOf(result.Outcome));
        WriteField("seen", result.Seen);
        if (result.Advice is not null)
        {
            WriteField("do", result.Advice);
        }
    }

    /// <summary>Writes the last line, which says how many checks came out how.</summary>
    public void Summarize()
    {
        int all = counts.Values.Sum();
        Write(string.Empty);
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{all} checks: {Count(CheckOutcome.Passed)} passed, {Count(CheckOutcome.Failed)} failed, {Count(CheckOutcome.NotApplicable)} "
                + $"not applicable"));
    }

    private static string NameOf(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Passed => "pass",
        CheckOutcome.Failed => "FAIL",
        _ => "not applicable",
    };

    private void WriteField(string name, string text) => Write($"  {name,-8} {text}");

    private void Write(string line)
    {
        string text = redaction.Apply(line.ReplaceLineEndings(" "));
        text = text.Length > MaximumTextLength ? text[..MaximumTextLength] + "..." : text;
        foreach (TextWriter writer in writers)
        {
            writer.WriteLine(text);
            writer.Flush();
        }
    }
}
