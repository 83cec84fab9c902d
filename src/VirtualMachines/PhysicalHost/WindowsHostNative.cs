using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>What Windows knows about the computer and .NET does not offer.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class WindowsHostNative
{
    private const int RelationProcessorPackage = 3;
    private const uint VirtualizationInFirmware = 21;
    private const int OffsetOfSize = sizeof(int);

    /// <summary>Whether the firmware has switched the extensions for virtual machines on.</summary>
    public static bool IsVirtualizationEnabled => Kernel32.IsProcessorFeaturePresent(VirtualizationInFirmware);

    /// <summary>All memory and that which is free, in bytes; zeros when Windows does not say.</summary>
    public static (ulong Total, ulong Available) ReadMemory()
    {
        Kernel32.MemoryStatus status = new() { Length = (uint)sizeof(Kernel32.MemoryStatus) };
        return Kernel32.GlobalMemoryStatusEx(ref status) ? (status.TotalPhysical, status.AvailablePhysical) : default;
    }

    /// <summary>How many sockets are filled; 1 when Windows does not say.</summary>
    public static int CountProcessorPackages()
    {
        uint length = 0;
        Kernel32.GetLogicalProcessorInformationEx(RelationProcessorPackage, null, ref length);
        byte[] records = new byte[length];
        fixed (byte* first = records)
        {
            if (length == 0 || !Kernel32.GetLogicalProcessorInformationEx(RelationProcessorPackage, first, ref length))
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
    /// <returns>Null when Windows does not say: the folder is gone.</returns>
    public static long? ReadFreeBytes(string folder) =>
        Kernel32.GetDiskFreeSpaceEx(folder, out ulong available, 0, 0) ? (long)Math.Min(available, long.MaxValue) : null;
}
