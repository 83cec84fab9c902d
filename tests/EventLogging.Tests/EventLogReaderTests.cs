using System.Text;
using Microsoft.Extensions.Logging;
using VpcComApi.TestSupport;

namespace VpcComApi.EventLogging.Tests;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EventLogReaderTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 21, 12, 0, 0, TimeSpan.Zero);

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

    private static string Line(int number) =>
        EventLogLine.Format(new EventLogEntry(Noon.AddSeconds(number), LogLevel.Information, number, "C", "text", "vpc"));

    private void Write(string file, params string[] lines) => File.AppendAllLines(folder.PathOf(file), lines);
}
