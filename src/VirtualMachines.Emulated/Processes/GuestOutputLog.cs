using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>
/// Writes the standard error of a guest's process to the host's log: one entry for each line, at most
/// <see cref="MaxLinesPerSecond"/>in one second, because a guest may write endlessly. A line may begin with its priority in systemd's form,
/// <c>&lt;4&gt;</c> for a warning.
/// </summary>
/// <param name="machineName">The machine, for the entries.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class GuestOutputLog(string machineName, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>The longest line that is logged, in bytes.</summary>
    public const int MaxLineLength = 2048;

    /// <summary>The most lines that are logged in one second.</summary>
    public const int MaxLinesPerSecond = 50;

    private const int PrefixLength = 3;

    private long second;
    private int linesThisSecond;
    private int dropped;

    /// <summary>Logs one line. Not thread-safe.</summary>
    /// <param name="line">What the guest wrote.</param>
    public void Write(string line)
    {
        long now = timeProvider.GetTimestamp() / timeProvider.TimestampFrequency;
        if (now != second)
        {
            ReportDropped();
            second = now;
            linesThisSecond = 0;
        }

        if (linesThisSecond++ >= MaxLinesPerSecond)
        {
            dropped++;
            return;
        }

        (LogLevel level, string text) = Parse(line);
        EmulatedMachineLog.GuestSaid(logger, level, machineName, text);
    }

    /// <summary>Logs how many lines were dropped, if any.</summary>
    public void ReportDropped()
    {
        if (dropped > 0)
        {
            EmulatedMachineLog.GuestOutputDropped(logger, machineName, dropped);
            dropped = 0;
        }
    }

    private static (LogLevel Level, string Text) Parse(string line) =>
        line.Length >= PrefixLength && line[0] == '<' && line[2] == '>' && char.IsAsciiDigit(line[1])
            ? (LevelOf(line[1] - '0'), line[PrefixLength..])
            : (LogLevel.Information, line);

    private static LogLevel LevelOf(int priority) => priority switch
    {
        <= 2 => LogLevel.Critical,
        3 => LogLevel.Error,
        4 => LogLevel.Warning,
        5 or 6 => LogLevel.Information,
        _ => LogLevel.Debug,
    };
}
