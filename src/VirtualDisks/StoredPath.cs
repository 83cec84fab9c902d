namespace VpcComApi.VirtualDisks;

/// <summary>
/// Paths as they stand in files of machines and disks, in the form of whichever system wrote them. A relative one counts from the folder of
/// the file in which it stands, never from the folder in which this process happens to stand.
/// </summary>
public static class StoredPath
{
    /// <summary>Answers which place of this system a stored path names.</summary>
    /// <param name="text">The stored path, with separators of Windows or of this system.</param>
    /// <param name="folder">The full path of the folder of the file in which it stands.</param>
    /// <returns>
    /// The full path; null when it names no place here: it is empty, or it begins at a drive or a server of Windows and this is another
    /// system.
    /// </returns>
    public static string? Resolve(string text, string folder)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (OperatingSystem.IsWindows())
        {
            return Path.GetFullPath(text, folder);
        }

        return text[0] == '/' ? Path.GetFullPath(text)
            : text[0] == '\\' || (text.Length > 1 && text[1] == ':' && char.IsAsciiLetter(text[0])) ? null
            : Path.GetFullPath(text.Replace('\\', '/'), folder);
    }
}
