using Microsoft.Extensions.Logging;
using VpcComApi.EventLogging;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.ComServer.Events;

/// <summary>
/// Reports every entry that has a stable id, after the event log has it: the providers are called in the order in which they were added.
/// </summary>
internal sealed class LoggedEvents : ILoggerProvider
{
    /// <summary>From here on entries are about this process.</summary>
    private const int FirstServerEvent = 5000;

    /// <summary>The entries of the domain that are about the application itself: its start, its end, its own faults.</summary>
    private static readonly int[] ApplicationEvents =
        [MachineEventIds.ApplicationStarted, MachineEventIds.ApplicationStopped, MachineEventIds.PreferencesDamaged];

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
            Logged?.Invoke(this, new LoggedEventArgs(eventId,
                concernsApplication: eventId >= FirstServerEvent || ApplicationEvents.Contains(eventId)));
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
