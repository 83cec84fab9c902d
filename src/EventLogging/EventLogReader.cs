using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace VpcComApi.EventLogging;

/// <summary>Reads back what the programs have written to a folder.</summary>
/// <param name="folder">The folder of the files. It need not exist yet.</param>
public sealed class EventLogReader(string folder)
{
    /// <summary>The most entries that are read at once.</summary>
    public const int MaximumEntries = 100_000;

    /// <summary>How often a followed folder is looked at when nothing reports a change: watchers lose events, and network drives send none.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Reads the last entries of all programs, the newest last.</summary>
    /// <param name="count">How many at most, 0 to <see cref="MaximumEntries"/>.</param>
    public IReadOnlyList<EventLogEntry> ReadLast(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaximumEntries);

        // Each program's newest files first, until they hold enough: an old month is not read for ten lines.
        IEnumerable<EventLogEntry> found = FindFiles()
            .GroupBy(file => file.Program)
            .SelectMany(files => ReadLast([.. files.OrderByDescending(file => file.Order, StringComparer.Ordinal)], count));
        return [.. found.OrderBy(entry => entry.Time).TakeLast(count)];
    }

    /// <summary>Reads what is written from now on, until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends the reading, and the sequence, without an exception.</param>
    public IAsyncEnumerable<EventLogEntry> FollowAsync(CancellationToken cancellationToken)
    {
        // What was there before this call is over is not new; the files are noted here and not at the first entry that is asked for.
        Dictionary<string, EventLogFile> files = new(StringComparer.Ordinal);
        foreach (FoundFile found in FindFiles())
        {
            EventLogFile file = new(found.Path, found.Program);
            file.SkipToEnd();
            files.Add(found.Path, file);
        }

        return FollowAsync(files, cancellationToken);
    }

    private async IAsyncEnumerable<EventLogEntry> FollowAsync(
        Dictionary<string, EventLogFile> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One pending change is enough: it makes all files be looked at.
        Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using FileSystemWatcher? watcher = TryWatch(changes.Writer);
        using Timer timer = new(_ => changes.Writer.TryWrite(true), state: null, TimeSpan.Zero, LookAgainAfter);
        while (await WaitAsync(changes.Reader, cancellationToken))
        {
            foreach (FoundFile found in FindFiles())
            {
                files.TryAdd(found.Path, new EventLogFile(found.Path, found.Program));
            }

            foreach (EventLogEntry entry in files.Values.SelectMany(file => file.ReadNew()).OrderBy(entry => entry.Time))
            {
                yield return entry;
            }
        }
    }

    private static async Task<bool> WaitAsync(ChannelReader<bool> changes, CancellationToken cancellationToken)
    {
        try
        {
            return await changes.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private FileSystemWatcher? TryWatch(ChannelWriter<bool> changes)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder, EventLogFileName.SearchPattern);
            watcher.Changed += (_, _) => changes.TryWrite(true);
            watcher.Created += (_, _) => changes.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            // No folder yet, or no more watches to be had: the timer does it alone.
            watcher?.Dispose();
            return null;
        }
    }

    private static List<EventLogEntry> ReadLast(List<FoundFile> newestFirst, int count)
    {
        List<EventLogEntry> entries = [];
        foreach (FoundFile found in newestFirst)
        {
            if (entries.Count >= count)
            {
                break;
            }

            entries.InsertRange(0, new EventLogFile(found.Path, found.Program).ReadNew());
        }

        return entries;
    }

    private IEnumerable<FoundFile> FindFiles()
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (string path in Directory.EnumerateFiles(folder, EventLogFileName.SearchPattern))
        {
            if (EventLogFileName.TryParse(Path.GetFileName(path), out string program, out string order))
            {
                yield return new FoundFile(path, program, order);
            }
        }
    }

    private readonly record struct FoundFile(string Path, string Program, string Order);
}
