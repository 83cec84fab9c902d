using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Logging;

/// <summary>Stores messages unformatted until there is a log to which they can be written. Thread-safe.</summary>
internal sealed class EarlyLogger : ILogger
{
    /// <summary>The most messages that are stored; later ones are dropped. A service writes a few while it starts.</summary>
    public const int MaxKept = 256;

    private readonly Lock gate = new();
    private readonly List<Action<ILogger>> kept = [];
    private volatile ILogger? log;

    /// <summary>Writes the stored messages to a log, and all later ones.</summary>
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
                // Not formatted yet: the later log does that, and it also needs the named values of a message.
                kept.Add(later => later.Log(logLevel, eventId, state, exception, formatter));
            }
        }
    }
}
