using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Logging;

namespace VpcComApi.GuestServices.Tests;

/// <summary>Messages that are written before there is a log.</summary>
public sealed partial class EarlyLoggerTests
{
    [Test]
    public void What_came_before_the_log_is_written_first_and_whole()
    {
        EarlyLogger early = new();
        ListLogger log = new();
        Say(early, 1);
        Say(early, 2);

        early.HandOver(log);
        Say(early, 3);

        Assert.That(log.Entries, Is.EqualTo((string[])["Warning 3001 Number 1.", "Warning 3001 Number 2.", "Warning 3001 Number 3."]));
    }

    [Test]
    public void A_service_that_never_gets_a_log_keeps_a_bounded_number()
    {
        EarlyLogger early = new();
        for (int number = 0; number < 2 * EarlyLogger.MaxKept; number++)
        {
            Say(early, number);
        }

        ListLogger log = new();
        early.HandOver(log);

        Assert.That(log.Entries, Has.Count.EqualTo(EarlyLogger.MaxKept));
        Assert.That(log.Entries[0], Does.EndWith("Number 0."), "the first ones say how it began");
    }

    [LoggerMessage(3001, LogLevel.Warning, "Number {Number}.")]
    private static partial void Say(ILogger logger, int number);

    private sealed class ListLogger : ILogger
    {
        public List<string> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
    }
}
