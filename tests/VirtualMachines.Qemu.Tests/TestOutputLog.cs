using System.Globalization;
using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>Writes what is logged into the test's output, where a failure shows it.</summary>
internal sealed class TestOutputLog : ILoggerFactory, ILogger
{
    private readonly TextWriter output = TestContext.Out;

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
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {eventId.Id} "
            + $"{formatter(state, exception)}"));

    /// <inheritdoc/>
    public void Dispose()
    {
        // The output is the test's.
    }
}
