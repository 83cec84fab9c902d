using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VpcComApi.VirtualDisks.Files;

namespace VpcComApi.VirtualDisks.Media;

/// <summary>Images of floppy disks (.vfd): the disk's sectors and nothing else. Their length determines their kind.</summary>
public static class FloppyImage
{
    private const int SectorSize = VirtualDiskLimits.SectorSize;

    private static readonly Dictionary<long, FloppyImageKind> KindOfLength = new()
    {
        [80 * 2 * 9 * SectorSize] = FloppyImageKind.LowDensity,
        [80 * 2 * 18 * SectorSize] = FloppyImageKind.HighDensity,
        [80 * 2 * 21 * SectorSize] = FloppyImageKind.DistributionMedia,
        [80 * 1 * 9 * SectorSize] = FloppyImageKind.LowDensitySingleSided,
        [80 * 2 * 15 * SectorSize] = FloppyImageKind.MediumDensity,
        [80 * 2 * 23 * SectorSize] = FloppyImageKind.HighDensityMixedSectors,
    };

    /// <summary>What kind of floppy disk a file is an image of.</summary>
    /// <param name="path">The file.</param>
    /// <returns><see cref="FloppyImageKind.Unknown"/> when it is none.</returns>
    /// <exception cref="NotARegularFileException">It is a pipe, a device or a folder.</exception>
    /// <exception cref="IOException">The file is not there, or may not be read.</exception>
    public static FloppyImageKind KindOf(string path)
    {
        using SafeFileHandle file = RegularFile.OpenHandle(path, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return KindOfLength.GetValueOrDefault(RandomAccess.GetLength(file));
    }

    /// <summary>Makes the image of an empty disk, formatted for DOS and Windows (FAT12).</summary>
    /// <param name="path">The new file; its folder exists.</param>
    /// <param name="kind">720 KB or 1.44 MB.</param>
    /// <exception cref="VirtualDiskException">The name is taken, or there is no room.</exception>
    public static void Create(string path, FloppyImageKind kind)
    {
        byte[] disk = Format(kind);
        using NewDiskFile created = NewDiskFile.Begin(Path.GetFullPath(path));
        created.File.Write(0, disk);
        created.Commit();
    }

    private static byte[] Format(FloppyImageKind kind)
    {
        // What FORMAT of MS-DOS writes for these two disks.
        (int sectorsPerTrack, int sectorsPerTable, int rootEntries, int sectorsPerCluster, byte media) = kind switch
        {
            FloppyImageKind.LowDensity => (9, 3, 112, 2, (byte)0xF9),
            FloppyImageKind.HighDensity => (18, 9, 224, 1, (byte)0xF0),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only disks of 720 KB and 1.44 MB are made."),
        };
        int sectors = 80 * 2 * sectorsPerTrack;
        byte[] disk = new byte[sectors * SectorSize];
        Span<byte> boot = disk;

        // Jumps to "int 18h", by which the firmware learns that this disk starts nothing.
        ((ReadOnlySpan<byte>)[0xEB, 0x3C, 0x90]).CopyTo(boot);
        "MSDOS5.0"u8.CopyTo(boot[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(boot[11..], SectorSize);
        boot[13] = (byte)sectorsPerCluster;
        boot[14] = 1;
        boot[16] = 2;
        BinaryPrimitives.WriteUInt16LittleEndian(boot[17..], (ushort)rootEntries);
        BinaryPrimitives.WriteUInt16LittleEndian(boot[19..], (ushort)sectors);
        boot[21] = media;
        BinaryPrimitives.WriteUInt16LittleEndian(boot[22..], (ushort)sectorsPerTable);
        BinaryPrimitives.WriteUInt16LittleEndian(boot[24..], (ushort)sectorsPerTrack);
        BinaryPrimitives.WriteUInt16LittleEndian(boot[26..], 2);
        boot[38] = 0x29;
        BinaryPrimitives.WriteUInt32LittleEndian(boot[39..], (uint)Random.Shared.NextInt64(uint.MaxValue));
        Encoding.ASCII.GetBytes("NO NAME    FAT12   ").CopyTo(boot[43..]);
        ((ReadOnlySpan<byte>)[0xCD, 0x18, 0xEB, 0xFE]).CopyTo(boot[62..]);
        boot[510] = 0x55;
        boot[511] = 0xAA;
        for (int table = 0; table < 2; table++)
        {
            Span<byte> entries = disk.AsSpan((1 + (table * sectorsPerTable)) * SectorSize);
            entries[0] = media;
            entries[1] = 0xFF;
            entries[2] = 0xFF;
        }

        return disk;
    }
}
