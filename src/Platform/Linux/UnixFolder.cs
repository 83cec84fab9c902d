using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.Platform.Linux;

/// <summary>Whether a folder is safe for sockets and locks that other users must not replace.</summary>
[SupportedOSPlatform("linux")]
internal static class UnixFolder
{
    private const uint Root = 0;

    /// <summary>Returns why other users could remove or replace files in a folder, or null when they cannot.</summary>
    /// <param name="folder">The folder's full path. Links are followed: the target counts.</param>
    /// <returns>The end of a sentence: "belongs to the user 1000".</returns>
    public static string? WhyUnsafe(string folder)
    {
        if (FileStatus.TryRead(folder, followsLink: true) is not { } status)
        {
            return $"cannot be read ({Marshal.GetLastPInvokeErrorMessage()})";
        }

        if (status.UserId != Root && status.UserId != Libc.geteuid())
        {
            return $"belongs to the user {status.UserId}";
        }

        // In a sticky folder, such as /tmp, only its owner can remove a file.
        bool othersWrite = (status.Permissions & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;
        return othersWrite && !status.Permissions.HasFlag(UnixFileMode.StickyBit)
            ? "may be written by other users and is not sticky"
            : null;
    }
}
