namespace VpcComApi.EventLogging;

/// <summary>The folder in which programs keep their files.</summary>
internal static class EventLogFolder
{
    /// <summary>Finds the files of all programs. What has another name is passed over.</summary>
    /// <param name="folder">The folder. It need not be there.</param>
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
    /// Deletes the oldest files of a program that are more than are kept. The writer of the files does that for those with a number alone;
    /// files of older versions, which have a date, would stay for good. What cannot be deleted stays until the next time.
    /// </summary>
    /// <param name="folder">The folder. It need not be there.</param>
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
            // Not ours to look into: then there is nothing to keep small either.
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
            // In use, or not ours to delete: the others are not kept by it.
        }
    }

    /// <summary>A file of a program.</summary>
    /// <param name="Path">Its full path.</param>
    /// <param name="Program">The program that writes it.</param>
    /// <param name="Order">What sorts a program's files by age, the oldest first, when compared ordinally.</param>
    public readonly record struct FoundFile(string Path, string Program, string Order);
}
