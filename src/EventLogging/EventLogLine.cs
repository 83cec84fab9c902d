using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging;

/// <summary>
/// The form of an entry in a file: one line with the time in UTC, the level, the event id, the category and the text, each after one space.
/// <code>2026-07-21T10:15:30.123Z ERROR 2004 VpcComApi.VirtualMachines.Channels The channel \\.\pipe\p of "XP" ended: ...</code>
/// Control characters of a text, including line breaks, are replaced by their Unicode pictures (U+2400 and up). So an entry is one line, a
/// backslash needs no escape, and a text from a guest cannot control the terminal that shows it.
/// </summary>
public static class EventLogLine
{
    /// <summary>The most characters of a text; longer ones are truncated.</summary>
    public const int MaximumTextLength = 8192;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string NoCategory = "-";
    private const char Cut = '…';
    private const char LineFeedPicture = '\u240A';
    private const char CarriageReturnPicture = '\u240D';
    private const int PartCount = 5;

    /// <summary>Writes an entry as a line, without a line end.</summary>
    public static string Format(EventLogEntry entry)
    {
        StringBuilder line = new(64 + entry.Text.Length);
        line.Append(CultureInfo.InvariantCulture, $"{entry.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)} ");
        line.Append(CultureInfo.InvariantCulture, $"{NameOf(entry.Level)} {entry.EventId} ");
        AppendVisible(line, entry.Category.Length == 0 ? NoCategory : entry.Category.Replace(' ', '_'));
        line.Append(' ');
        AppendVisible(line, entry.Text);
        return line.ToString();
    }

    /// <summary>Reads a line that <see cref="Format"/> wrote.</summary>
    /// <param name="line">The line, without its line end.</param>
    /// <param name="program">The program that writes the file.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>False when the line has another form.</returns>
    internal static bool TryParse(string line, string program, [NotNullWhen(true)] out EventLogEntry? entry)
    {
        entry = null;
        string[] parts = line.Split(' ', PartCount);
        if (parts.Length != PartCount
            || !DateTimeOffset.TryParseExact(
                parts[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            || !TryParseLevel(parts[1], out LogLevel level)
            || !int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int eventId))
        {
            return false;
        }

        string category = parts[3] == NoCategory ? string.Empty : parts[3];
        string text = parts[4].Replace(CarriageReturnPicture, '\r').Replace(LineFeedPicture, '\n');
        entry = new EventLogEntry(time, level, eventId, category, text, program);
        return true;
    }

    private static void AppendVisible(StringBuilder line, string text)
    {
        int length = Math.Min(text.Length, MaximumTextLength);
        VisibleText.AppendTo(line, text.AsSpan(0, length));
        if (length < text.Length)
        {
            line.Append(Cut);
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    private static bool TryParseLevel(string name, out LogLevel level)
    {
        level = name switch
        {
            "TRACE" => LogLevel.Trace,
            "DEBUG" => LogLevel.Debug,
            "INFO" => LogLevel.Information,
            "WARN" => LogLevel.Warning,
            "ERROR" => LogLevel.Error,
            "FATAL" => LogLevel.Critical,
            _ => LogLevel.None,
        };
        return level != LogLevel.None;
    }
}
