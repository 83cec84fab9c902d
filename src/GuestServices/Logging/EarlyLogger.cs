using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Logging;

/// <summary>Keeps messages, as they are, until there is a log to write them to. Safe for many threads.</summary>
internal sealed class EarlyLogger : ILogger
{
    /// <summary>Messages that are kept; those that come after them are dropped. A service that starts has a handful.</summary>
    public const int MaxKept = 256;

    private readonly Lock gate = new();
    private readonly List<Action<ILogger>> kept = [];
    private volatile ILogger? log;

    /// <summary>Writes what was kept to a log, and everything that comes later.</summary>
    /// <param name="target">The log.</param>
    public void HandOver(ILogger target)
    {
        lock (gate)
        {
            foreach (Action<ILogger> write in kept)
            {
                write(target);
            }

            kept.Clear();
            log = target;
        }
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log?.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => log?.IsEnabled(logLevel) ?? logLevel is not LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (log is { } target)
        {
            target.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        lock (gate)
        {
            if (log is { } handedOver)
            {
                handedOver.Log(logLevel, eventId, state, exception, formatter);
            }
            else if (kept.Count < MaxKept)
            {
                // Not written out yet: that is the later log's work, and it knows the parts of a message by their names.
                kept.Add(later => later.Log(logLevel, eventId, state, exception, formatter));
            }
        }
    }
}
