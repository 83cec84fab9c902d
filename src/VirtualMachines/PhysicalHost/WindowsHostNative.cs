using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>The calls of Windows that tell of the computer and that .NET does not offer.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsHostNative
{
    private const int RelationProcessorPackage = 3;
    private const uint VirtualizationInFirmware = 21;
    private const int OffsetOfSize = sizeof(int);

    /// <summary>Whether the firmware has switched the extensions for virtual machines on.</summary>
    public static bool IsVirtualizationEnabled => IsProcessorFeaturePresent(VirtualizationInFirmware);

    /// <summary>All memory and that which is free, in bytes; zeros when Windows does not tell.</summary>
    public static (ulong Total, ulong Available) ReadMemory()
    {
        MemoryStatus status = new() { Length = (uint)sizeof(MemoryStatus) };
        return GlobalMemoryStatusEx(ref status) ? (status.TotalPhysical, status.AvailablePhysical) : default;
    }

    /// <summary>How many sockets are filled; 1 when Windows does not tell.</summary>
    public static int CountProcessorPackages()
    {
        uint length = 0;
        GetLogicalProcessorInformationEx(RelationProcessorPackage, null, ref length);
        byte[] records = new byte[length];
        fixed (byte* first = records)
        {
            if (length == 0 || !GetLogicalProcessorInformationEx(RelationProcessorPackage, first, ref length))
            {
                return 1;
            }
        }

        // Records of differing length: what it relates, its own size, then what only that kind has.
        int count = 0;
        for (int offset = 0; offset + OffsetOfSize + sizeof(uint) <= length; count++)
        {
            int size = BitConverter.ToInt32(records, offset + OffsetOfSize);
            if (size <= 0)
            {
                break;
            }

            offset += size;
        }

        return Math.Max(1, count);
    }

    /// <summary>How much room a user has on the volume of a folder, which need not have a letter, in bytes.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <returns>Null when Windows does not tell: the folder is gone.</returns>
    public static long? ReadFreeBytes(string folder) =>
        GetDiskFreeSpaceEx(folder, out ulong available, 0, 0) ? (long)Math.Min(available, long.MaxValue) : null;

    [LibraryImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetDiskFreeSpaceEx(string folder, out ulong available, nint total, nint free);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool IsProcessorFeaturePresent(uint feature);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GlobalMemoryStatusEx(ref MemoryStatus status);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetLogicalProcessorInformationEx(int relation, byte* records, ref uint length);

    /// <summary>MEMORYSTATUSEX.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryStatus
    {
        public uint Length;
        public uint LoadPercent;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }
}
