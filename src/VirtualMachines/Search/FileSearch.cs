using System.Security;
using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Windows;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Search;

/// <summary>
/// Finds files by their extension, in folders and all folders below them. A folder that cannot be read does not end the search; a folder
/// that is a link is not entered, unless it was given; a folder that is reached twice is looked into once.
/// </summary>
/// <param name="limits">How far it goes.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where a search that was cut short is logged.</param>
internal sealed class FileSearch(FileSearchLimits limits, TimeProvider timeProvider, ILogger logger)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>Finds files.</summary>
    /// <param name="folders">The folders, in the order in which they are searched. A missing one is passed over.</param>
    /// <param name="extensions">The extensions with their dots; case does not matter.</param>
    /// <param name="cancellationToken">Gives the search up.</param>
    /// <returns>Full paths: folder by folder, in each by name, each file once.</returns>
    /// <exception cref="OperationCanceledException">The search was given up.</exception>
    public IReadOnlyList<string> Find(
        IEnumerable<string> folders, IReadOnlyCollection<string> extensions, CancellationToken cancellationToken)
    {
        long began = timeProvider.GetTimestamp();
        List<string> found = [];
        HashSet<string> seen = new(PathRules.FileNameComparer);
        HashSet<FileIdentity> identities = [];
        Queue<(string Folder, int Depth)> waiting = new(folders.Select(folder => (Path.TrimEndingDirectorySeparator(folder), 0)));
        int looked = 0;
        while (waiting.TryDequeue(out (string Folder, int Depth) next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!seen.Add(next.Folder) || (FileIdentity.TryRead(next.Folder) is { } identity && !identities.Add(identity)))
            {
                continue;
            }

            if (++looked > limits.Folders || found.Count >= limits.Files || timeProvider.GetElapsedTime(began) > limits.Time)
            {
                MachineLog.SearchCutShort(logger, found.Count, looked - 1);
                return found.Count > limits.Files ? found.GetRange(0, limits.Files) : found;
            }

            foreach (FileSystemInfo entry in Read(next.Folder))
            {
                if (entry.Attributes.HasFlag(FileAttributes.Directory))
                {
                    if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && next.Depth < limits.Depth)
                    {
                        waiting.Enqueue((entry.FullName, next.Depth + 1));
                    }
                }
                else if (extensions.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
                {
                    found.Add(entry.FullName);
                }
            }
        }

        return found;
    }

    private static List<FileSystemInfo> Read(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(
                folder).EnumerateFileSystemInfos("*", Everything).OrderBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)];
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e) || e is SecurityException)
        {
            return [];
        }
    }
}
