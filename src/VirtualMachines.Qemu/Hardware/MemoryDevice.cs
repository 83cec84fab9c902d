using VpcComApi.VirtualDisks;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// The non-volatile memory of a machine without a hard disk: a small virtio disk with a FAT file system, on which the guest service keeps
/// what is to outlive the machine's power. A machine with a hard disk keeps it there.
/// </summary>
internal static class MemoryDevice
{
    /// <summary>The serial number by which the guest knows the disk.</summary>
    public const string SerialNumber = "vpccomapi-memory";

    /// <summary>What is added to the name of a file that is another provider's, or damaged.</summary>
    private const string PutAsideSuffix = ".put-aside";

    /// <summary>Adds the disk, if the machine gets one.</summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="start">The machine.</param>
    public static void Add(List<string> arguments, MachineStart start)
    {
        if (start is { NonVolatileMemoryFile: { } file, HardDisks: [] })
        {
            arguments.AddRange(
            [
                "-blockdev",
                QemuJson.Write(json =>
                {
                    json.WriteString("driver", "file");
                    json.WriteString("node-name", "memory");
                    json.WriteString("filename", QemuPath.Of(file));
                }),
                "-device", $"virtio-blk-pci,drive=memory,id=memory-disk,serial={SerialNumber}",
            ]);
        }
    }

    /// <summary>Makes the file that is not there yet. One that is not ours is put aside.</summary>
    /// <param name="start">The machine.</param>
    /// <returns>Where a file was put aside, or null.</returns>
    /// <exception cref="VirtualMachineException">The file could not be made.</exception>
    public static string? Prepare(MachineStart start)
    {
        if (start is not { NonVolatileMemoryFile: { } file, HardDisks: [] })
        {
            return null;
        }

        try
        {
            string? putAside = null;
            if (File.Exists(file))
            {
                if (IsOurs(file))
                {
                    return null;
                }

                putAside = file + PutAsideSuffix;
                File.Move(file, putAside, overwrite: true);
            }

            FloppyImage.Create(file, FloppyImageKind.HighDensity);
            return putAside;
        }
        catch (Exception e) when (e is VirtualDiskException or IOException or UnauthorizedAccessException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed,
                $"The non-volatile memory of '{start.MachineName}' could not be made in {file}: {e.Message}",
                e);
        }
    }

    private static bool IsOurs(string file)
    {
        try
        {
            return FloppyImage.KindOf(file) == FloppyImageKind.HighDensity;
        }
        catch (NotARegularFileException)
        {
            return false;
        }
    }
}
