using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class EventLogLineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 21, 12, 0, 0, 123, TimeSpan.Zero);

    [Test]
    public void An_entry_is_one_readable_line()
    {
        EventLogEntry entry = new(Noon, LogLevel.Error, 2004, "VpcComApi.Channels", @"The channel \\.\pipe\p of ""XP"" ended.", "vpc");

        Assert.That(
            EventLogLine.Format(entry),
            Is.EqualTo(@"2026-07-21T12:00:00.123Z ERROR 2004 VpcComApi.Channels The channel \\.\pipe\p of ""XP"" ended."));
    }

    [Test]
    public void The_time_is_written_in_UTC()
    {
        EventLogEntry entry = new(Noon.ToOffset(TimeSpan.FromHours(2)), LogLevel.Information, 1, "C", "text", "vpc");

        Assert.That(EventLogLine.Format(entry), Does.StartWith("2026-07-21T12:00:00.123Z "));
    }

    [Test]
    public void What_is_written_is_read_back(
        [Values(LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical)] LogLevel level,
        [Values("one line", "two\nlines", "two\r\nlines", "", "  spaces  around  ", @"C:\new\readme")] string text,
        [Values("Some.Category", "")] string category)
    {
        EventLogEntry written = new(Noon, level, 4711, category, text, "vpc");

        Assert.That(EventLogLine.TryParse(EventLogLine.Format(written), "vpc", out EventLogEntry? read), Is.True);
        Assert.That(read, Is.EqualTo(written));
    }

    [Test]
    public void An_untrusted_text_cannot_break_the_line_nor_control_the_terminal()
    {
        EventLogEntry entry = new(Noon, LogLevel.Warning, 3000, "Guest\nX", "a\u001b[31mb\rc\nd\u007fe\u0085f\0g", "vpc");

        string line = EventLogLine.Format(entry);

        Assert.That(line, Does.EndWith("Guest␊X a␛[31mb␍c␊d␡e\uFFFDf␀g"));
        Assert.That(line.Any(char.IsControl), Is.False);
    }

    [Test]
    public void A_text_without_end_is_cut()
    {
        EventLogEntry entry = new(Noon, LogLevel.Warning, 3000, "C", new string('x', EventLogLine.MaximumTextLength + 1), "vpc");

        string line = EventLogLine.Format(entry);

        Assert.That(line, Does.EndWith("x…"));
        Assert.That(line.Count(c => c == 'x'), Is.EqualTo(EventLogLine.MaximumTextLength));
    }

    [TestCase("")]
    [TestCase("2026-07-21T12:00:00.123Z ERROR 2004 C")]
    [TestCase("2026-07-21 12:00:00 ERROR 2004 C text")]
    [TestCase("2026-07-21T12:00:00.123Z LOUD 2004 C text")]
    [TestCase("2026-07-21T12:00:00.123Z ERROR many C text")]
    public void A_line_of_another_form_is_no_entry(string line) =>
        Assert.That(EventLogLine.TryParse(line, "vpc", out _), Is.False);
}
