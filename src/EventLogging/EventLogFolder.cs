namespace VpcComApi.EventLogging;

/// <summary>The folder of the programs' files.</summary>
internal static class EventLogFolder
{
    /// <summary>Finds the files of all programs. Files with other names are skipped.</summary>
    /// <param name="folder">The folder. It need not exist.</param>
    public static IEnumerable<FoundFile> Find(string folder)
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

    /// <summary>
    /// Deletes the oldest files of a program that exceed the limit. The writer of the files only does this for those with a number; files
    /// of older versions, which have a date, would never be deleted. A file that cannot be deleted stays until the next attempt.
    /// </summary>
    /// <param name="folder">The folder. It need not exist.</param>
    /// <param name="program">The program.</param>
    public static void DeleteOldest(string folder, string program)
    {
        try
        {
            foreach (FoundFile file in Find(folder)
                .Where(file => file.Program == program)
                .OrderByDescending(file => file.Order, StringComparer.Ordinal)
                .Skip(EventLogOptions.MaximumFiles)
                .ToList())
            {
                TryDelete(file.Path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // This user may not read the folder, so nothing can be deleted.
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use, or this user may not delete it: the others are still deleted.
        }
    }

    /// <summary>A file of a program.</summary>
    /// <param name="Path">Its full path.</param>
    /// <param name="Program">The program that writes it.</param>
    /// <param name="Order">A key that sorts a program's files by age, the oldest first, when compared ordinally.</param>
    public readonly record struct FoundFile(string Path, string Program, string Order);
}
