using System.Runtime.Versioning;
using VpcComApi.Platform.Linux;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>
/// Keeps what this process makes from other users: machines, saved states, logs and sockets, whatever folder they are in.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class PrivateFiles
{
    /// <summary>All rights of group and others (077).</summary>
    private const uint GroupAndOthers = 0b000_111_111;

    /// <summary>From now on, what this process and its guests make is open to their user alone.</summary>
    public static void KeepFromOthers() => _ = Libc.umask(GroupAndOthers);
}
