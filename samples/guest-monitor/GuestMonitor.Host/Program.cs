using System.Globalization;
using VpcComApi.ChannelEnds;

namespace VpcComApi.GuestMonitor.Host;

/// <summary>Shows the guest's reports as they arrive.</summary>
internal static class Program
{
    private const string DefaultPipe = "monitor";

    /// <summary>A guest is not trusted: a report has no more lines than this.</summary>
    private const int MostLines = 64;

    private static async Task<int> Main(string[] arguments)
    {
        int reports = int.MaxValue;
        if (arguments.Length > 1 && !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out reports))
        {
            Console.Error.WriteLine("usage: GuestMonitor.Host [PIPE [REPORTS]]");
            return 2;
        }

        return await HostClient.RunAsync(arguments.ElementAtOrDefault(0) ?? DefaultPipe, (guest, stop) => ShowAsync(guest, reports, stop));
    }

    private static async Task<int> ShowAsync(LineConnection guest, int reports, CancellationToken stop)
    {
        int linesOfReport = 0;
        while (reports > 0 && await guest.ReadLineAsync(stop) is { } line)
        {
            if (++linesOfReport > MostLines)
            {
                throw new InvalidDataException($"a report of more than {MostLines} lines arrived");
            }

            Console.WriteLine(Describe(line));
            if (line == "END")
            {
                linesOfReport = 0;
                reports--;
            }
        }

        return 0;
    }

    private static string Describe(string line) => line.Split(' ', 4) switch
    {
        ["REPORT", var time] => $"Guest at {time}",
        ["DISK", var free, var total, var name] => $"  disk {name}: {free} of {total} MiB free",
        ["HEALTH", "GOOD", ..] => $"  health: good, {line["HEALTH GOOD ".Length..]}",
        ["HEALTH", "LOW", ..] => $"  health: LOW, {line["HEALTH LOW ".Length..]}",
        ["END"] => string.Empty,
        _ => throw new InvalidDataException($"a line arrived that is not of this protocol: \"{line}\""),
    };
}
