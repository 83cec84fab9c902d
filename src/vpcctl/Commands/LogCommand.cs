using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using VpcComApi.CommandLine.Output;
using VpcComApi.EventLogging;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Shows the event log.</summary>
internal sealed class LogCommand : Command
{
    private const int DefaultLines = 20;

    private readonly CommandServices services;
    private readonly Option<bool> json = CommonSymbols.Json();
    private readonly Option<bool> follow = new("--follow", "-f") { Description = "Go on with what is written from now on, until Ctrl-C." };

    private readonly Option<int> lines = new("--lines", "-n")
    {
        Description = "How many entries to show.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => DefaultLines,
        CustomParser = ParseLines,
    };

    /// <param name="services">What it works with.</param>
    public LogCommand(CommandServices services)
        : base("log", "Show the event log of vpc, vpcctl and the guests' vmsrvc, the newest entry last.")
    {
        this.services = services;
        Add(lines);
        Add(follow);
        Add(json);
        SetAction(RunAsync);
    }

    private static int ParseLines(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= EventLogReader.MaximumEntries)
        {
            return count;
        }

        result.AddError($"\"{text}\" is not a number of entries: --lines takes 0 to {EventLogReader.MaximumEntries}.");
        return 0;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        EventLogReader reader = new(services.LogFolder);
        CancellationToken interrupted = services.Interruption.Requested;
        using IDisposable? watch = line.GetValue(follow) ? services.EndWithOutput() : null;

        // Noted before the old entries are read, so that none is lost between the two; one may come twice.
        IAsyncEnumerable<EventLogEntry>? news = line.GetValue(follow) ? reader.FollowAsync(interrupted) : null;
        EventLogEntry? last = null;
        foreach (EventLogEntry entry in reader.ReadLast(line.GetValue(lines)))
        {
            Show(line, entry);
            last = entry;
        }

        if (news is not null)
        {
            await foreach (EventLogEntry entry in news.WithCancellation(CancellationToken.None))
            {
                if (entry != last)
                {
                    Show(line, entry);
                }
            }
        }

        return (int)ExitCode.Done;
    }

    private void Show(ParseResult line, EventLogEntry entry)
    {
        if (line.GetValue(json))
        {
            services.Terminal.WriteJson(
                new LogLine(entry.Time, entry.Level.ToString(), entry.EventId, entry.Program, entry.Category, entry.Text),
                JsonOutput.Lines.LogLine);
            return;
        }

        string time = entry.Time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        services.Terminal.WriteLine(
            $"{time}  {NameOf(entry.Level),-5}  {entry.EventId,4}  {entry.Program,-6}  {entry.Text}", StyleOf(entry.Level));
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Critical => "fatal",
        _ => level.ToString().ToLowerInvariant(),
    };

    private static Style StyleOf(LogLevel level) => level switch
    {
        LogLevel.Warning => new Style(Color.Yellow),
        LogLevel.Error or LogLevel.Critical => new Style(Color.Red),
        LogLevel.Trace or LogLevel.Debug => new Style(decoration: Decoration.Dim),
        _ => Style.Plain,
    };
}
