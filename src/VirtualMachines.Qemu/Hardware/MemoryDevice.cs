using VpcComApi.VirtualDisks;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// The non-volatile memory of a machine without a hard disk: a small virtio disk with a FAT file system, on which the guest service stores
/// what must survive turning the machine off. In a machine with a hard disk it uses that disk.
/// </summary>
internal static class MemoryDevice
{
    /// <summary>The serial number by which the guest recognises the disk.</summary>
    public const string SerialNumber = "vpccomapi-memory";

    /// <summary>The suffix that is added to the name of a file of another provider, or of a damaged one.</summary>
    private const string PutAsideSuffix = ".put-aside";

    /// <summary>Adds the disk, if the machine has no hard disk.</summary>
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

    /// <summary>Creates the file if it does not exist. A file of another provider is renamed.</summary>
    /// <param name="start">The machine.</param>
    /// <returns>The new name of a renamed file, or null.</returns>
    /// <exception cref="VirtualMachineException">The file could not be created.</exception>
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
                $"The non-volatile memory of '{start.MachineName}' could not be created in {file}: {e.Message}",
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
