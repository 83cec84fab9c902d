using Microsoft.Extensions.Logging;
using VpcComApi.TestSupport;

namespace VpcComApi.EventLogging.Tests;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RollingFileTests : IDisposable
{
    private readonly TestDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Test]
    public void A_logged_message_is_in_the_file_of_its_program_when_the_factory_is_disposed()
    {
        using (ILoggerFactory factory = CreateFactory("vpc"))
        {
            factory.CreateLogger("VpcComApi.Channels").ChannelFailed(@"\\.\pipe\p", "Windows XP Mode", 6174);
        }

        string file = Directory.GetFiles(folder.FullPath).Single();
        Assert.That(Path.GetFileName(file), Is.EqualTo("vpc-events.log"));
        Assert.That(
            File.ReadAllText(file),
            Does.Match(
                @"\AA?\S+Z WARN 2001 VpcComApi\.Channels The channel \\\\\.\\pipe\\p of ""Windows XP Mode"" to port 6174 failed\.\r?\n\z"));
    }

    [Test]
    public void What_is_logged_can_be_read_with_its_number_level_category_and_exception()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow.AddSeconds(-1);
        using (ILoggerFactory factory = CreateFactory("vmsrvc"))
        {
            factory.CreateLogger("C").ChannelFailed("p", "XP", 1, new InvalidOperationException("because"));
        }

        EventLogEntry entry = new EventLogReader(folder.FullPath).ReadLast(10).Single();

        Assert.That(entry.Program, Is.EqualTo("vmsrvc"));
        Assert.That(entry.EventId, Is.EqualTo(2001));
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(entry.Category, Is.EqualTo("C"));
        Assert.That(entry.Text, Is.EqualTo("The channel p of \"XP\" to port 1 failed.\nSystem.InvalidOperationException: because"));
        Assert.That(entry.Time, Is.InRange(before, DateTimeOffset.UtcNow));
    }

    [Test]
    public void Values_in_a_text_are_written_without_additional_quotes()
    {
        using (ILoggerFactory factory = CreateFactory("vpc"))
        {
            factory.CreateLogger("C").ManyKinds(DayOfWeek.Friday, Guid.Empty, @"a\b");
        }

        Assert.That(
            new EventLogReader(folder.FullPath).ReadLast(1).Single().Text,
            Is.EqualTo(@"The Friday of session 00000000-0000-0000-0000-000000000000 was 'a\b'."));
    }

    [Test]
    public void The_builders_levels_hold()
    {
        using (ILoggerFactory factory = CreateFactory("vpc"))
        {
            factory.CreateLogger("C").Detail();
            factory.CreateLogger("C").Entry(1);
        }

        Assert.That(new EventLogReader(folder.FullPath).ReadLast(10).Select(entry => entry.EventId), Is.EqualTo([7]));
    }

    [Test]
    public void Two_writers_of_one_name_share_the_file_and_tear_no_line()
    {
        const int Each = 500;
        using (ILoggerFactory first = CreateFactory("vpcctl"))
        using (ILoggerFactory second = CreateFactory("vpcctl"))
        {
            ILogger[] loggers = [first.CreateLogger("A"), second.CreateLogger("B")];
            Parallel.ForEach(loggers, logger => Enumerable.Range(0, Each).ToList().ForEach(number => logger.Entry(number)));
        }

        IReadOnlyList<EventLogEntry> entries = new EventLogReader(folder.FullPath).ReadLast(10 * Each);

        Assert.That(Directory.GetFiles(folder.FullPath), Has.Length.EqualTo(1));
        foreach (string category in new[] { "A", "B" })
        {
            Assert.That(
                entries.Where(entry => entry.Category == category).Select(entry => entry.Text),
                Is.EqualTo(Enumerable.Range(0, Each).Select(number => $"Entry {number}")));
        }
    }

    [Test]
    public void Files_are_bounded_in_size_and_count()
    {
        string text = new('x', EventLogLine.MaximumTextLength);
        int enoughForTwoMore = (int)(
            (EventLogOptions.MaximumFiles + 2) * EventLogOptions.MaximumFileBytes / EventLogLine.MaximumTextLength);
        using (ILoggerFactory factory = CreateFactory("vpc"))
        {
            ILogger logger = factory.CreateLogger("C");
            for (int i = 0; i < enoughForTwoMore; i++)
            {
                logger.ChannelFailed(text, "XP", i);
            }

            logger.Entry(1);
        }

        string[] files = Directory.GetFiles(folder.FullPath);
        Assert.That(files, Has.Length.EqualTo(EventLogOptions.MaximumFiles));
        Assert.That(
            new EventLogReader(folder.FullPath).ReadLast(1).Single().Text,
            Is.EqualTo("Entry 1"),
            "the file with the highest number is the newest");
        Assert.That(
            files.Max(file => new FileInfo(file).Length),
            Is.LessThan(EventLogOptions.MaximumFileBytes + (4 * EventLogLine.MaximumTextLength)));
    }

    [Test]
    public void Files_of_older_versions_which_have_a_date_are_deleted_by_their_program_when_there_are_too_many()
    {
        string[] old = [.. Enumerable.Range(10, EventLogOptions.MaximumFiles + 2).Select(day => $"vpc-202607{day}.log")];
        string[] others = ["vmsrvc-20250101.log", "vpc-20250101.txt", "vpc.log"];
        foreach (string file in (string[])[.. old, "vpc-20260710_001.log", "vpc-events.log", .. others])
        {
            folder.WriteText(file, string.Empty);
        }

        using (ILoggerFactory factory = CreateFactory("vpc"))
        {
            factory.CreateLogger("C").Entry(1);
        }

        Assert.That(
            Directory.GetFiles(folder.FullPath).Select(Path.GetFileName),
            Is.EquivalentTo((string[])[.. old[^(EventLogOptions.MaximumFiles - 1)..], "vpc-events.log", .. others]));
    }

    [Test]
    public void A_folder_that_cannot_be_made_breaks_nothing()
    {
        string file = folder.WriteText("occupied", "a file where the folder should be");
        using ILoggerFactory factory = CreateFactory("vpc", Path.Combine(file, "Logs"));

        Assert.That(() => factory.CreateLogger("C").Entry(1), Throws.Nothing);
    }

    [TestCase("")]
    [TestCase("../vpc")]
    [TestCase("vpc-1")]
    public void A_program_name_that_does_not_fit_a_file_name_is_refused(string program) =>
        Assert.That(() => CreateFactory(program), Throws.ArgumentException.With.Message.Contains($"\"{program}\""));

    private ILoggerFactory CreateFactory(string program, string? where = null) => LoggerFactory.Create(
        builder => builder.AddVirtualPcEventLog(new EventLogOptions { Folder = where ?? folder.FullPath, Program = program }));
}
