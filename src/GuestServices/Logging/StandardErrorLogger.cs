using System.Text;
using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Logging;

/// <summary>
/// Writes each message as one line to standard error, with its priority in systemd's form and its event id: <c>&lt;4&gt;[3001] text</c>.
/// The host of an emulated machine reads them from there. It replaces a logging framework, so that a guest starts fast.
/// </summary>
/// <param name="error">Standard error.</param>
/// <param name="least">The least level that is written.</param>
internal sealed class StandardErrorLogger(Stream error, LogLevel least) : ILogger
{
    private readonly Lock gate = new();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        string text = formatter(state, exception).ReplaceLineEndings(" ");
        string cause = exception is null ? string.Empty : $" ({exception.Message.ReplaceLineEndings(" ")})";
        byte[] line = Encoding.UTF8.GetBytes($"<{PriorityOf(logLevel)}>[{eventId.Id}] {text}{cause}\n");
        try
        {
            lock (gate)
            {
                error.Write(line);
                error.Flush();
            }
        }
        catch (IOException)
        {
            // Standard error was closed by the host. The end of standard input will end the guest.
        }
    }

    private static int PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };
}
