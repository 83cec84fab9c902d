using System.Buffers;
using System.Security.Cryptography;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// Replaces a file's content so that a crash, at whatever moment, leaves the old file or the new one and nothing between.
/// </summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".new";

    /// <summary>Digits of a temporary name. A longer name might not fit beside the longest one that a machine can have.</summary>
    private const int RandomDigits = 4;

    /// <summary>How many names are tried before a write fails.</summary>
    private const int NameAttempts = 16;

    /// <summary>From which age on a temporary file is one that a crash left behind: no writer needs so long.</summary>
    private static readonly TimeSpan LeftOverAfter = TimeSpan.FromMinutes(1);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// Writes a temporary file in the same folder, flushes it to the disk and renames it over the file. Each write has a temporary file of
    /// its own, <c>NAME.XXXX.new</c>, so that one that a crash left behind does no harm; a later write of the same file removes it.
    /// </summary>
    /// <param name="path">The full path of the file. A link stays a link, and what it leads to is written.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="stepDone">Called after each step; tests fail there as a crash would.</param>
    /// <exception cref="IOException">The file could not be written; it is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; it is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, Action<AtomicFileStep>? stepDone = null)
    {
        path = FileLinks.TargetOf(path);
        FileStream created = CreateTemporary(path);
        string temporary = created.Name;
        try
        {
            using (FileStream stream = created)
            {
                stepDone?.Invoke(AtomicFileStep.TemporaryFileCreated);
                RemoveLeftOvers(path, temporary);
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

    private static FileStream CreateTemporary(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            string temporary = $"{path}.{RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true)}{TemporarySuffix}";
            try
            {
                return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (attempt < NameAttempts && File.Exists(temporary))
            {
                // Another writer's, or left behind.
            }
        }
    }

    /// <summary>Removes what crashes left behind. Both times are the volume's, whose clock may not be this computer's.</summary>
    private static void RemoveLeftOvers(string path, string temporary)
    {
        try
        {
            DateTime now = File.GetLastWriteTimeUtc(temporary);
            string prefix = Path.GetFileName(path) + ".";
            foreach (string other in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*" + TemporarySuffix))
            {
                string name = Path.GetFileName(other);
                if (name.Length == prefix.Length + RandomDigits + TemporarySuffix.Length
                    && name.StartsWith(prefix, StringComparison.Ordinal)
                    && name.AsSpan(prefix.Length, RandomDigits).IndexOfAnyExcept(HexDigits) < 0
                    && now - File.GetLastWriteTimeUtc(other) > LeftOverAfter)
                {
                    File.Delete(other);
                }
            }
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            // They do no harm.
        }
    }
}
