using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<LogEntry> entries = new();

    /// <summary>What was logged, in order.</summary>
    public IReadOnlyList<LogEntry> Entries => [.. entries];

    /// <summary>Called after an entry was stored; it may block or throw.</summary>
    public Action<LogEntry> Logged { get; set; } = _ => { };

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        LogEntry entry = new(eventId.Id, logLevel, formatter(state, exception));
        entries.Enqueue(entry);
        Logged(entry);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
