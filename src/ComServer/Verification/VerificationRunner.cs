using System.ComponentModel;
using System.Globalization;

namespace VpcComApi.ComServer.Verification;

/// <summary>
/// Runs checks one after another, each with a limit. A check that throws or does not come back has failed; the next ones are still run.
/// </summary>
/// <param name="checks">The checks, in the order in which they are run.</param>
/// <param name="isWine">Whether this Windows is Wine, of which some things are known not to hold.</param>
/// <param name="limit">How long one check may take.</param>
internal sealed class VerificationRunner(IReadOnlyList<IVerificationCheck> checks, bool isWine, TimeSpan limit)
{
    private const string ReportIt = "This is a fault of vpc.exe or of this check. Please send this report to the people who make it.";

    /// <summary>Runs all checks and reports each before the next one begins.</summary>
    /// <returns>Whether none failed.</returns>
    public bool Run(VerificationReport report)
    {
        foreach (IVerificationCheck check in checks)
        {
            report.Begin(check);
            report.End(Run(check));
        }

        report.Summarize();
        return report.Count(CheckOutcome.Failed) == 0;
    }

    private CheckResult Run(IVerificationCheck check)
    {
        CheckResult result = RunWithLimit(check);
        return result.Outcome == CheckOutcome.Failed && isWine && check.KnownUnderWine is { } reason
            ? CheckResult.NotApplicable($"{reason} (Seen: {result.Seen})")
            : result;
    }

    private CheckResult RunWithLimit(IVerificationCheck check)
    {
        CheckResult? result = null;

        // A thread of its own: a call into COM or a pipe that never returns can be left behind, and what a check does to its thread goes
        // with it.
        Thread thread = new(() => result = RunToItsEnd(check)) { IsBackground = true, Name = check.Name };
        thread.Start();
        return thread.Join(limit) && result is not null
            ? result
            : CheckResult.Fail(
                string.Create(CultureInfo.InvariantCulture, $"It did not come to an end within {limit.TotalSeconds:0} s."), ReportIt);
    }

    private static CheckResult RunToItsEnd(IVerificationCheck check)
    {
        try
        {
            return check.Run();
        }
#pragma warning disable CA1031 // What nobody foresaw is what such a report is for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            int code = exception is Win32Exception refused ? refused.NativeErrorCode : exception.HResult;
            return CheckResult.Fail($"{exception.GetType().Name} (0x{code:X8}): {exception.Message}", ReportIt);
        }
    }
}
