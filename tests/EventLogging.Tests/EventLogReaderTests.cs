using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using VpcComApi.TestSupport;

namespace VpcComApi.EventLogging.Tests;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EventLogReaderTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 21, 12, 0, 0, TimeSpan.Zero);

    private const int TenYears = 10 * 365 * 24 * 60 * 60;

    private readonly TestDirectory folder = new();
    private readonly EventLogReader reader;

    public EventLogReaderTests() => reader = new EventLogReader(folder.FullPath);

    public void Dispose() => folder.Dispose();

    [Test]
    public void A_folder_that_is_not_there_has_no_entries() =>
        Assert.That(new EventLogReader(folder.PathOf("nowhere")).ReadLast(10), Is.Empty);

    [Test]
    public void Entries_of_all_programs_and_files_come_in_the_order_of_time_the_newest_last()
    {
        Write("vpc-20260721.log", Line(0), Line(2));
        Write("vpc-20260721_001.log", Line(4));
        Write("vmsrvc-20260721.log", Line(1), Line(3));

        Assert.That(reader.ReadLast(10).Select(entry => entry.EventId), Is.EqualTo([0, 1, 2, 3, 4]));
        Assert.That(reader.ReadLast(2).Select(entry => entry.EventId), Is.EqualTo([3, 4]));
    }

    [Test]
    public void After_a_clock_jump_the_newest_entries_are_still_the_last()
    {
        // The clock of vpc ran ten years ahead for two entries; then it was set right, and vpc went on.
        Write("vpc-events.log", Line(1), Line(TenYears), Line(TenYears + 1), Line(3), Line(5));
        Write("vmsrvc-events.log", Line(2), Line(4));

        Assert.That(Last(10, now: 6), Is.EqualTo([1, 2, TenYears, TenYears + 1, 3, 4, 5]));
        Assert.That(Last(3, now: 6), Is.EqualTo([3, 4, 5]));
        Assert.That(
            reader.ReadLast(10).Single(entry => entry.EventId == TenYears).Time,
            Is.EqualTo(Noon.AddSeconds(TenYears)),
            "the time is as it was written");
    }

    [Test]
    public void A_program_that_wrote_last_when_the_clock_was_wrong_hides_no_other_one()
    {
        Write("vmsrvc-events.log", Line(1), Line(TenYears), Line(TenYears + 1));
        Write("vpc-events.log", Line(2), Line(3));
        Write("vpcctl-events.log", Line(TenYears + 2));

        Assert.That(Last(10, now: 4), Is.EqualTo([TenYears + 2, 1, TenYears, TenYears + 1, 2, 3]));
        Assert.That(Last(2, now: 4), Is.EqualTo([2, 3]));
    }

    [Test]
    public void What_was_written_before_a_clock_went_back_is_older_than_what_came_afterwards()
    {
        Write("vpc-events.log", Line(TenYears), Line(TenYears + 1));
        Write("vpc-events_001.log", Line(1), Line(2));

        Assert.That(Last(10, now: 3), Is.EqualTo([TenYears, TenYears + 1, 1, 2]));
        Assert.That(Last(1, now: 3), Is.EqualTo([2]));
    }

    [Test]
    public void A_file_with_a_date_in_its_name_is_older_than_one_without()
    {
        Write("vpc-20991231_007.log", Line(1));
        Write("vpc-events.log", Line(0));

        Assert.That(Last(10, now: 2), Is.EqualTo([1, 0]));
    }

    [Test]
    public async Task Following_gives_entries_in_the_order_in_which_a_program_wrote_them()
    {
        using CancellationTokenSource stop = new();
        await using IAsyncEnumerator<EventLogEntry> followed = reader.FollowAsync(stop.Token).GetAsyncEnumerator();

        Write("vpc-events.log", Line(TenYears), Line(2), Line(1));

        Assert.That(
            new[] { await NextAsync(followed), await NextAsync(followed), await NextAsync(followed) }, Is.EqualTo([TenYears, 2, 1]));
    }

    [Test]
    public void The_ninth_file_of_a_day_is_older_than_the_tenth()
    {
        Write("vpc-20260721_1000.log", Line(2));
        Write("vpc-20260721_999.log", Line(1));

        Assert.That(reader.ReadLast(1).Single().EventId, Is.EqualTo(2));
    }

    [Test]
    public void Lines_and_files_of_others_are_passed_over()
    {
        Write("vpc-20260721.log", "not an entry", Line(1), new string('x', 200_000), Line(2));
        Write("other.log", Line(3));
        File.WriteAllBytes(folder.PathOf("vpcctl-20260721.log"), [0xFF, 0xFE, 0x00, 0x0A, .. Encoding.UTF8.GetBytes(Line(4) + "\r\n")]);

        Assert.That(reader.ReadLast(10).Select(entry => entry.EventId), Is.EqualTo([1, 2, 4]));
    }

    [Test]
    [Platform("Linux", Reason = "Elsewhere a folder has no pipes and devices.")]
    public async Task What_has_a_files_name_and_is_none_is_passed_over()
    {
        Write("vpc-events.log", Line(1), Line(2));
        Process.Start("mkfifo", folder.PathOf("vpc-events_001.log")).WaitForExit();
        File.CreateSymbolicLink(folder.PathOf("vpc-events_002.log"), "/dev/zero");
        Directory.CreateDirectory(folder.PathOf("vpc-events_003.log"));
        Assert.That(File.Exists(folder.PathOf("vpc-events_001.log")), "the pipe was made");

        IReadOnlyList<EventLogEntry> entries = await Wait.UntilAsync(Task.Run(() => reader.ReadLast(10)), "the log to be read");

        Assert.That(entries.Select(entry => entry.EventId), Is.EqualTo([1, 2]));
    }

    [Test]
    public void A_line_that_is_being_written_is_not_read_yet()
    {
        folder.WriteText("vpc-20260721.log", Line(1) + "\n" + Line(2));

        Assert.That(reader.ReadLast(10).Select(entry => entry.EventId), Is.EqualTo([1]));
    }

    [Test]
    public async Task Following_gives_what_is_written_from_then_on_in_old_files_and_in_new_ones()
    {
        Write("vpc-20260721.log", Line(1));
        using CancellationTokenSource stop = new();
        await using IAsyncEnumerator<EventLogEntry> followed = reader.FollowAsync(stop.Token).GetAsyncEnumerator();

        Write("vpc-20260721.log", Line(2));
        Assert.That(await NextAsync(followed), Is.EqualTo(2));
        File.AppendAllText(folder.PathOf("vpc-20260721.log"), Line(3)[..30]);
        Write("vmsrvc-20260722.log", Line(4));
        Assert.That(await NextAsync(followed), Is.EqualTo(4));
        File.AppendAllText(folder.PathOf("vpc-20260721.log"), Line(3)[30..] + "\n");
        Assert.That(await NextAsync(followed), Is.EqualTo(3));
    }

    [Test]
    public async Task Following_ends_when_it_is_cancelled()
    {
        using CancellationTokenSource stop = new();
        await using IAsyncEnumerator<EventLogEntry> followed = reader.FollowAsync(stop.Token).GetAsyncEnumerator();
        Task<bool> next = followed.MoveNextAsync().AsTask();

        await stop.CancelAsync();

        Assert.That(await Wait.UntilAsync(next, "the sequence to end"), Is.False);
    }

    private static async Task<int> NextAsync(IAsyncEnumerator<EventLogEntry> followed)
    {
        Assert.That(await Wait.UntilAsync(followed.MoveNextAsync().AsTask(), "the next entry"), Is.True);
        return followed.Current.EventId;
    }

    private IEnumerable<int> Last(int count, int now) =>
        new EventLogReader(folder.FullPath, new StoppedClock(Noon.AddSeconds(now))).ReadLast(count).Select(entry => entry.EventId);

    private static string Line(int number) =>
        EventLogLine.Format(new EventLogEntry(Noon.AddSeconds(number), LogLevel.Information, number, "C", "text", "vpc"));

    private void Write(string file, params string[] lines) => File.AppendAllLines(folder.PathOf(file), lines);

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
