using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging;

/// <summary>
/// Passes events with a stable id to another log, and disables that log at its first failure: an event log that is full, not permitted or
/// missing must not cause an error in the code that logs.
/// </summary>
/// <param name="inner">The other log. It is disposed with this object.</param>
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
#pragma warning disable CA1031 // No failure of the other log may reach the caller.
            catch (Exception)
#pragma warning restore CA1031
            {
                provider.failed = true;
            }
        }
    }
}
