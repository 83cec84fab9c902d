using Microsoft.Extensions.Logging;

namespace VpcComApi.ComServer.Tests;

/// <summary>Keeps what is logged.</summary>
/// <typeparam name="T">The category.</typeparam>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly List<LogRecord> entries = [];

    public IReadOnlyList<LogRecord> Entries
    {
        get
        {
            lock (entries)
            {
                return [.. entries];
            }
        }
    }

    public void Clear()
    {
        lock (entries)
        {
            entries.Clear();
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (entries)
        {
            entries.Add(new LogRecord(logLevel, eventId.Id, formatter(state, exception), exception));
        }
    }
}
