using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class StableEventLoggerProviderTests
{
    [Test]
    public void Only_events_with_a_stable_number_are_handed_on()
    {
        OtherLog log = new();
        using StableEventLoggerProvider provider = new(log);

        provider.CreateLogger("C").Entry(1);
        provider.CreateLogger("C").ChannelFailed("p", "XP", 1);

        Assert.That(log.EventIds, Is.EqualTo([2001]));
    }

    [Test]
    public void A_log_that_fails_is_not_tried_again_and_does_not_reach_the_caller()
    {
        OtherLog log = new() { Failure = new InvalidOperationException("The event log service is not there.") };
        using StableEventLoggerProvider provider = new(log);

        Assert.That(() => provider.CreateLogger("C").ChannelFailed("p", "XP", 1), Throws.Nothing);
        Assert.That(() => provider.CreateLogger("D").ChannelFailed("p", "XP", 2), Throws.Nothing);

        Assert.That(log.EventIds, Has.Count.EqualTo(1));
    }

    private sealed class OtherLog : ILoggerProvider, ILogger
    {
        public List<int> EventIds { get; } = [];

        public Exception? Failure { get; init; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            EventIds.Add(eventId.Id);
            if (Failure is not null)
            {
                throw Failure;
            }
        }

        public void Dispose()
        {
        }
    }
}
