using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging;

/// <summary>
/// Hands events with a stable id on to another log, and shuts that log off at its first failure: an event log that is full, forbidden or
/// not there must not break what is being logged.
/// </summary>
/// <param name="inner">The other log. It is disposed with this.</param>
internal sealed class StableEventLoggerProvider(ILoggerProvider inner) : ILoggerProvider
{
    private volatile bool failed;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new StableEventLogger(this, inner.CreateLogger(categoryName));

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private sealed class StableEventLogger(StableEventLoggerProvider provider, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => !provider.failed && inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id < EventIds.FirstStable || !IsEnabled(logLevel))
            {
                return;
            }

            try
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
#pragma warning disable CA1031 // Whatever is wrong with the other log, the caller has nothing to do with it.
            catch (Exception)
#pragma warning restore CA1031
            {
                provider.failed = true;
            }
        }
    }
}
