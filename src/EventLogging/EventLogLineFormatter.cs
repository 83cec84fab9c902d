using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace VpcComApi.EventLogging;

/// <summary>Writes Serilog's events as <see cref="EventLogLine"/>s.</summary>
internal sealed class EventLogLineFormatter : ITextFormatter
{
    private readonly MessageTemplateTextFormatter message = new("{Message:l}", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture);
        message.Format(logEvent, text);
        if (logEvent.Exception is not null)
        {
            text.Write('\n');
            text.Write(logEvent.Exception);
        }

        output.Write(EventLogLine.Format(new EventLogEntry(
            logEvent.Timestamp, LevelOf(logEvent), EventIdOf(logEvent), CategoryOf(logEvent), text.ToString(), Program: string.Empty)));
        output.Write('\n');
    }

    private static LogLevel LevelOf(LogEvent logEvent) => logEvent.Level switch
    {
        LogEventLevel.Verbose => LogLevel.Trace,
        LogEventLevel.Debug => LogLevel.Debug,
        LogEventLevel.Information => LogLevel.Information,
        LogEventLevel.Warning => LogLevel.Warning,
        LogEventLevel.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };

    private static int EventIdOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue("EventId", out LogEventPropertyValue? value)
        && value is StructureValue structure
        && structure.Properties.FirstOrDefault(property => property.Name == "Id")?.Value is ScalarValue { Value: int id }
            ? id
            : 0;

    private static string CategoryOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue("SourceContext", out LogEventPropertyValue? value)
            && value is ScalarValue { Value: string category }
            ? category
            : string.Empty;
}
