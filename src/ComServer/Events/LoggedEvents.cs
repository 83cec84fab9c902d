using Microsoft.Extensions.Logging;
using VpcComApi.EventLogging;

namespace VpcComApi.ComServer.Events;

/// <summary>Reports every entry that has a stable id, after the event log has it: the providers are called in the order in which they were added.</summary>
internal sealed class LoggedEvents : ILoggerProvider
{
    /// <summary>What is about the application itself: its own start, end and faults.</summary>
    private const int FirstServerEvent = 5000;

    /// <summary>An entry was written. Handlers must be quick.</summary>
    public event EventHandler<LoggedEventArgs>? Logged;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Reporter(this);

    /// <inheritdoc/>
    public void Dispose() => Logged = null;

    private void Report(int eventId)
    {
        if (eventId >= EventIds.FirstStable)
        {
            Logged?.Invoke(this, new LoggedEventArgs(eventId, concernsApplication: eventId >= FirstServerEvent));
        }
    }

    private sealed class Reporter(LoggedEvents owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Report(eventId.Id);
            }
        }
    }
}
