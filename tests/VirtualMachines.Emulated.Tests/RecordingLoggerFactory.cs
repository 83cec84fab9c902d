using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, int EventId, string Text)> Entries { get; } = new();

    /// <summary>The event that makes the log fail; 0 for none.</summary>
    public int Refused { get; set; }

    /// <summary>Called with the event of each entry, before the log returns.</summary>
    public Action<int> OnEntry { get; set; } = _ => { };

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        // Nothing is held.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Entries.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
        OnEntry(eventId.Id);
        if (eventId.Id == Refused)
        {
            throw new IOException("The log takes no entry.");
        }
    }
}
