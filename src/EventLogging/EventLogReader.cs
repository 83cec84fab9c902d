using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace VpcComApi.EventLogging;

/// <summary>Reads the entries that programs have written to a folder.</summary>
/// <param name="folder">The folder of the files. It need not exist yet.</param>
/// <param name="timeProvider">The clock; the system's by default.</param>
public sealed class EventLogReader(string folder, TimeProvider? timeProvider = null)
{
    /// <summary>The most entries that can be read.</summary>
    public const int MaximumEntries = 100_000;

    /// <summary>
    /// How often a followed folder is checked when no change is reported: watchers lose events, and network drives send none.
    /// </summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Reads the last entries of all programs, in the order in which they arrived, the newest last. Wrong times of a clock do not change
    /// the order within a program.
    /// </summary>
    /// <param name="count">The most entries, 0 to <see cref="MaximumEntries"/>.</param>
    public IReadOnlyList<EventLogEntry> ReadLast(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaximumEntries);

        // Each program's newest files first, until there are enough entries, so that old files are not read for a few lines.
        IReadOnlyList<EventLogEntry>[] found =
        [
            .. FindFiles()
                .GroupBy(file => file.Program)
                .Select(files => ReadLast([.. files.OrderByDescending(file => file.Order, StringComparer.Ordinal)], count))
        ];
        return [.. ArrivalOrder.Merge(found, Now()).TakeLast(count)];
    }

    /// <summary>Reads entries that are written from now on, until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends the reading, and the sequence, without an exception.</param>
    public IAsyncEnumerable<EventLogEntry> FollowAsync(CancellationToken cancellationToken)
    {
        // Entries that existed when this call returns are not new. So the ends of the files are determined here, and not when the first
        // entry is requested.
        Dictionary<EventLogFolder.FoundFile, EventLogFile> files = [];
        foreach (EventLogFolder.FoundFile found in FindFiles())
        {
            EventLogFile file = new(found.Path, found.Program);
            file.SkipToEnd();
            files.Add(found, file);
        }

        return FollowAsync(files, cancellationToken);
    }

    private async IAsyncEnumerable<EventLogEntry> FollowAsync(
        Dictionary<EventLogFolder.FoundFile, EventLogFile> files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One pending change is enough, because all files are read for each.
        Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using FileSystemWatcher? watcher = TryWatch(changes.Writer);
        using Timer timer = new(_ => changes.Writer.TryWrite(true), state: null, TimeSpan.Zero, LookAgainAfter);
        while (await WaitAsync(changes.Reader, cancellationToken))
        {
            foreach (EventLogFolder.FoundFile found in FindFiles())
            {
                files.TryAdd(found, new EventLogFile(found.Path, found.Program));
            }

            IReadOnlyList<EventLogEntry>[] news =
            [
                .. files
                    .OrderBy(file => file.Key.Order, StringComparer.Ordinal)
                    .GroupBy(file => file.Key.Program, file => file.Value)
                    .Select(program => program.SelectMany(file => file.ReadNew()).ToList())
            ];
            foreach (EventLogEntry entry in ArrivalOrder.Merge(news, Now()))
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
            // The folder does not exist yet, or the system allows no more watches: the timer is enough.
            watcher?.Dispose();
            return null;
        }
    }

    private static List<EventLogEntry> ReadLast(List<EventLogFolder.FoundFile> newestFirst, int count)
    {
        List<EventLogEntry> entries = [];
        foreach (EventLogFolder.FoundFile found in newestFirst)
        {
            if (entries.Count >= count)
            {
                break;
            }

            entries.InsertRange(0, new EventLogFile(found.Path, found.Program).ReadNew());
        }

        return entries;
    }

    private DateTimeOffset Now() => (timeProvider ?? TimeProvider.System).GetUtcNow();

    private IEnumerable<EventLogFolder.FoundFile> FindFiles() => EventLogFolder.Find(folder);
}
