using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using VpcComApi.TestSupport;

namespace VpcComApi.EventLogging.Tests;

/// <summary>Compares docs/events.md with the code: the events are read from the code's <see cref="LoggerMessageAttribute"/>s.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class EventCatalogueTests
{
    private static readonly (string Assembly, int First, int Last)[] Ranges =
    [
        ("VirtualMachines", 1000, 1799),
        ("VirtualMachines.Emulated", 1800, 1899),
        ("VirtualMachines.Qemu", 1900, 1999),
        ("VirtualMachines", 2000, 2999),
        ("vmsrvc", 3000, 3999),
        ("VpcBus", 4000, 4999),
        ("vpc", 5000, 5999),
        ("vpcctl", 6000, 6999),
    ];

    private static readonly Dictionary<string, LoggerMessageAttribute[]> Events =
        Ranges.Select(range => range.Assembly).Distinct().ToDictionary(assembly => assembly, EventsOf);

    private static string[] DocumentedRows =>
        [.. File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "events.md")).Where(line => RowForm.IsMatch(line))];

    [Test]
    public void Every_event_is_documented_as_the_code_has_it_and_nothing_else_is()
    {
        IEnumerable<string> inCode = Events.Values.SelectMany(events => events)
            .OrderBy(attribute => attribute.EventId)
            .Select(attribute => $"| {attribute.EventId} | {LevelOf(attribute)} | {attribute.Message} |");

        IEnumerable<string> documented = DocumentedRows.Select(
            row => row[..(row.TrimEnd(' ', '|').LastIndexOf(" |", StringComparison.Ordinal) + 2)]);

        Assert.That(documented, Is.EqualTo(inCode));
    }

    [Test]
    public void Every_documented_event_says_what_it_means() =>
        Assert.That(DocumentedRows.Select(row => row.TrimEnd(' ', '|').Split(" | ")[^1].Length), Is.All.GreaterThan(10));

    [Test]
    public void No_two_events_have_the_same_number() =>
        Assert.That(Events.Values.SelectMany(events => events).Select(attribute => attribute.EventId), Is.Unique);

    [Test]
    public void Every_event_has_a_number_of_its_rooms_range()
    {
        IEnumerable<string> strangers = Events.SelectMany(
            room => room.Value.Where(attribute => !Ranges.Any(
                range => range.Assembly == room.Key && attribute.EventId >= range.First && attribute.EventId <= range.Last)),
            (room, attribute) => $"{room.Key}: {attribute.EventId} {attribute.Message}");

        Assert.That(strangers, Is.Empty);
    }

    [Test]
    public void The_rooms_that_log_are_seen_at_all() =>
        Assert.That(Events.Where(room => room.Value.Length == 0).Select(room => room.Key), Is.SubsetOf(["vpcctl"]));

    private static LoggerMessageAttribute[] EventsOf(string assembly) =>
    [
        .. Assembly.Load(assembly).GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];

    private static string LevelOf(LoggerMessageAttribute attribute) =>
        attribute.Level == LogLevel.None ? "varies" : attribute.Level.ToString();

    [GeneratedRegex(@"^\| \d{4} \| ")]
    private static partial Regex RowForm { get; }
}
