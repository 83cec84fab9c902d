using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>
/// Keeps what this process makes from other users: machines, saved states, logs and sockets, whatever folder they are in.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static partial class PrivateFiles
{
    /// <summary>All rights of group and others (077).</summary>
    private const uint GroupAndOthers = 0b000_111_111;

    /// <summary>From now on, what this process and its guests make is open to their user alone.</summary>
    public static void KeepFromOthers() => _ = SetMask(GroupAndOthers);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
