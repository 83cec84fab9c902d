namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Replaces a file's content so that a crash, at whatever moment, leaves the old file or the new one and nothing between.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// What is added to a file's name for its temporary neighbour. The name is fixed, so what a crash left behind is overwritten by the next write;
    /// writers keep each other out by a lock.
    /// </summary>
    public const string TemporarySuffix = ".new";

    /// <summary>Writes a temporary file in the same folder, flushes it to the disk and renames it over the file.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="stepDone">Called after each step; tests fail there as a crash would.</param>
    /// <exception cref="IOException">The file could not be written; it is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; it is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, Action<AtomicFileStep>? stepDone = null)
    {
        string temporary = path + TemporarySuffix;
        try
        {
            // Whatever was left there, or put there, is not opened.
            File.Delete(temporary);
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stepDone?.Invoke(AtomicFileStep.TemporaryFileCreated);
                stream.Write(content);
                stepDone?.Invoke(AtomicFileStep.ContentWritten);
                stream.Flush(flushToDisk: true);
                stepDone?.Invoke(AtomicFileStep.ContentFlushed);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // On a full disk, what was written of it is in the way of making room.
            File.Delete(temporary);
            throw;
        }

        stepDone?.Invoke(AtomicFileStep.FileReplaced);
    }
}
