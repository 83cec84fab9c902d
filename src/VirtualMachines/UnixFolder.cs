using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines;

/// <summary>Whether a folder is a place for sockets and locks that other users must not replace.</summary>
[SupportedOSPlatform("linux")]
public static partial class UnixFolder
{
    private const int AT_FDCWD = -100;
    private const uint STATX_TYPE = 1;
    private const uint STATX_MODE = 2;
    private const uint STATX_UID = 8;

    /// <summary>Bytes of the system's struct statx, and where it has user and mode.</summary>
    private const int StatSize = 256;
    private const int StatUserOffset = 20;
    private const int StatModeOffset = 28;

    private const uint Root = 0;

    /// <summary>Says why other users could remove or replace what is in a folder, or null when they cannot.</summary>
    /// <param name="folder">The folder's full path. Links are followed: what counts is where they lead.</param>
    /// <returns>A sentence's end: "belongs to the user 1000".</returns>
    public static string? WhyUnsafe(string folder)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        if (StatX(AT_FDCWD, folder, 0, STATX_TYPE | STATX_MODE | STATX_UID, stat) != 0)
        {
            return $"cannot be looked at ({Marshal.GetLastPInvokeErrorMessage()})";
        }

        uint owner = MemoryMarshal.Read<uint>(stat[StatUserOffset..]);
        UnixFileMode mode = (UnixFileMode)(MemoryMarshal.Read<ushort>(stat[StatModeOffset..]) & 0xFFF);
        if (owner != Root && owner != EffectiveUser())
        {
            return $"belongs to the user {owner}";
        }

        // In a sticky folder, such as /tmp, a file can be removed by its owner alone.
        bool othersWrite = (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;
        return othersWrite && !mode.HasFlag(UnixFileMode.StickyBit) ? "may be written by other users and is not sticky" : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> stat);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
