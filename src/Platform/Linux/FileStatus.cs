using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.Platform.Linux;

/// <summary>The status of a file, a folder or anything else with a path in Linux (statx(2)).</summary>
/// <param name="Mode">Its type and its permissions, the system's st_mode.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="Inode">Its number on its device.</param>
/// <param name="Device">The device on which it is stored.</param>
[UnsupportedOSPlatform("windows")]
internal readonly record struct FileStatus(ushort Mode, uint UserId, ulong Inode, ulong Device)
{
    /// <summary>The values of <see cref="Type"/>.</summary>
    public const int Pipe = 0x1000;

    /// <inheritdoc cref="Pipe"/>
    public const int CharacterDevice = 0x2000;

    /// <inheritdoc cref="Pipe"/>
    public const int Folder = 0x4000;

    /// <inheritdoc cref="Pipe"/>
    public const int BlockDevice = 0x6000;

    /// <inheritdoc cref="Pipe"/>
    public const int File = 0x8000;

    /// <inheritdoc cref="Pipe"/>
    public const int Socket = 0xC000;

    private const int TypeMask = 0xF000;
    private const int PermissionMask = 0xFFF;

    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const int AT_EMPTY_PATH = 0x1000;

    private const uint STATX_TYPE = 1;
    private const uint STATX_MODE = 2;
    private const uint STATX_UID = 8;
    private const uint STATX_INO = 0x100;
    private const uint Wanted = STATX_TYPE | STATX_MODE | STATX_UID | STATX_INO;

    /// <summary>The size of the system's struct statx in bytes, and the offsets of the fields that are read.</summary>
    private const int StatSize = 256;
    private const int UserOffset = 20;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;

    /// <summary>The type.</summary>
    public int Type => Mode & TypeMask;

    /// <summary>The permissions.</summary>
    public UnixFileMode Permissions => (UnixFileMode)(Mode & PermissionMask);

    /// <summary>Reads the status of the object at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLink">Whether a link at the path is followed; otherwise the status is that of the link itself.</param>
    /// <returns>Null when it cannot be read; <see cref="Marshal.GetLastPInvokeError"/> then is the reason.</returns>
    public static FileStatus? TryRead(string path, bool followsLink)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        return Libc.statx(AT_FDCWD, path, followsLink ? 0 : AT_SYMLINK_NOFOLLOW, Wanted, stat) == 0 ? Parse(stat) : null;
    }

    /// <summary>Reads the status of an open file.</summary>
    /// <param name="file">The file; it may be opened with O_PATH.</param>
    /// <returns>Null when it cannot be read; <see cref="Marshal.GetLastPInvokeError"/> then is the reason.</returns>
    public static FileStatus? TryRead(SafeHandle file)
    {
        Span<byte> stat = stackalloc byte[StatSize];
        return Libc.statx(file, string.Empty, AT_EMPTY_PATH, Wanted, stat) == 0 ? Parse(stat) : null;
    }

    private static FileStatus Parse(ReadOnlySpan<byte> stat) => new(
        MemoryMarshal.Read<ushort>(stat[ModeOffset..]),
        MemoryMarshal.Read<uint>(stat[UserOffset..]),
        MemoryMarshal.Read<ulong>(stat[InodeOffset..]),
        MemoryMarshal.Read<ulong>(stat[DeviceOffset..]));
}
