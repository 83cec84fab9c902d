using System.Text;

namespace VpcComApi.Platform.Folders;

/// <summary>
/// Creates folders that only this user may enter, for the sockets of machines: other users can neither connect to a socket in it nor
/// replace it.
/// </summary>
internal static class PrivateFolder
{
    /// <summary>The size of a socket's path in sockaddr_un, with the terminating 0: 108 bytes on Linux, 104 elsewhere.</summary>
    private const int MaxPathLength = 103;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Creates a new folder with a random name in XDG_RUNTIME_DIR, TMPDIR or /tmp, on Windows in the user's own temporary folder.
    /// </summary>
    /// <param name="longestSocketName">
    /// The longest name of a socket in it; the whole path must fit into a socket's address.
    /// </param>
    /// <returns>The full path. The caller deletes it.</returns>
    /// <exception cref="IOException">No folder is suitable.</exception>
    public static string Make(string longestSocketName)
    {
        foreach (string? parent in (string?[])[Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), Path.GetTempPath(), "/tmp"])
        {
            if (!Directory.Exists(parent))
            {
                continue;
            }

            string folder = Path.Combine(parent, "vpc-" + Guid.NewGuid().ToString("N"));
            if (Encoding.UTF8.GetByteCount(Path.Combine(folder, longestSocketName)) > MaxPathLength)
            {
                continue;
            }

            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly);
            }

            return folder;
        }

        throw new IOException("No folder for the machine's sockets: neither XDG_RUNTIME_DIR nor TMPDIR nor /tmp can be used.");
    }
}
