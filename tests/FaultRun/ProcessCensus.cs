using System.Globalization;
using System.Text.RegularExpressions;

namespace VpcComApi.FaultRun;

/// <summary>What a process holds: descriptors by kind, shared mappings, threads, memory.</summary>
/// <param name="Held">How many of each kind.</param>
/// <param name="FileNames">The files among them.</param>
/// <param name="Threads">Its threads.</param>
/// <param name="ResidentKilobytes">Its resident memory.</param>
internal sealed partial record ProcessCensus(
    IReadOnlyDictionary<string, int> Held, IReadOnlyList<string> FileNames, int Threads, long ResidentKilobytes)
{
    /// <summary>The thread pool grows and shrinks by itself within so many threads.</summary>
    private const int ThreadSlack = 24;

    /// <summary>The runtime opens a file now and then: a time zone, a log file of a new day.</summary>
    private const int FileSlack = 2;

    /// <summary>The name of sockets in <see cref="Held"/>.</summary>
    public const string Sockets = "sockets";

    private const string Files = "files";

    /// <summary>Counts what a process holds now.</summary>
    public static ProcessCensus Take(int process)
    {
        Dictionary<string, int> held = [];
        List<string> files = [];
        foreach (string descriptor in Directory.EnumerateFileSystemEntries(Proc(process, "fd")))
        {
            // The runtime keeps each assembly's file open from when it is first needed, and that of its symbols from the first exception
            // that is written out.
            string target = new FileInfo(descriptor).LinkTarget ?? string.Empty;
            if (!target.EndsWith(".dll", StringComparison.Ordinal) && !target.EndsWith(".pdb", StringComparison.Ordinal))
            {
                string kind = KindOf(target);
                Add(held, kind);
                if (kind == Files)
                {
                    files.Add(target);
                }
            }
        }

        foreach (string line in File.ReadLines(Proc(process, "maps")).Where(line => line.Contains("/memfd:", StringComparison.Ordinal)
            && !line.Contains("doublemapper", StringComparison.Ordinal)))
        {
            Add(held, "shared mappings");
        }

        string status = File.ReadAllText(Proc(process, "status"));
        return new ProcessCensus(held, files, (int)Number(ThreadsLine, status), Number(ResidentLine, status));
    }

    /// <summary>What there is more than there was, or null.</summary>
    public string? MoreThan(ProcessCensus before)
    {
        List<string> more =
        [
            .. from held in Held
               let was = before.Held.GetValueOrDefault(held.Key)
               where held.Value > was + (held.Key == Files ? FileSlack : 0)
               select $"{held.Key} {was} -> {held.Value}"
                    + (held.Key == Files ? $" ({string.Join(", ", FileNames.Except(before.FileNames))})" : string.Empty),
        ];
        if (Threads > before.Threads + ThreadSlack)
        {
            more.Add($"threads {before.Threads} -> {Threads}");
        }

        return more.Count > 0 ? string.Join(", ", more) : null;
    }

    private static string KindOf(string target) => target switch
    {
        _ when target.StartsWith("socket:", StringComparison.Ordinal) => Sockets,
        _ when target.StartsWith("pipe:", StringComparison.Ordinal) => "pipes",
        _ when target.StartsWith("anon_inode:", StringComparison.Ordinal) => target["anon_inode:".Length..],
        _ when target.StartsWith("/memfd:", StringComparison.Ordinal) => "memory files",
        _ => Files,
    };

    private static void Add(Dictionary<string, int> held, string kind) => held[kind] = held.GetValueOrDefault(kind) + 1;

    private static string Proc(int process, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{name}");

    private static long Number(Regex line, string status) =>
        long.Parse(line.Match(status).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Threads:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex ThreadsLine { get; }

    [GeneratedRegex(@"^VmRSS:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex ResidentLine { get; }
}
