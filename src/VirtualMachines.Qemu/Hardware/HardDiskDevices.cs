using System.Globalization;
using System.Text.Json;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// Gives QEMU a machine's hard disks, at their places on the two IDE buses. A fixed image is a raw disk with a footer behind it. The other kinds QEMU reaches in our
/// process: it takes a differencing image for one without a parent, without a word, and it does not save a machine that has one of its own "vpc" disks.
/// </summary>
internal static class HardDiskDevices
{
    /// <summary>Where a disk stands in the order in which the firmware looks for something to boot: behind floppy disks and discs, as in Virtual PC.</summary>
    private const int FirstBootIndex = 10;

    /// <summary>Whether a disk is read and written by our process.</summary>
    /// <param name="disk">The disk.</param>
    /// <exception cref="VirtualMachineException">The image is missing or damaged, or QEMU under Wine cannot be given it.</exception>
    public static bool NeedsServer(MachineHardDisk disk)
    {
        VirtualDiskKind kind = Look(disk).Kind;
        if (!WineHost.IsPresent)
        {
            return kind != VirtualDiskKind.FixedSize;
        }

        // Wine has no Unix sockets. Nothing can be saved there either, so QEMU's own driver serves.
        return kind != VirtualDiskKind.Differencing
            ? false
            : throw new VirtualMachineException(
                VirtualMachineError.UnsupportedDiskKind,
                $"{disk.Image} is a differencing disk, which QEMU cannot have under Wine. Merge the chain into a new disk (MergeTo, Convert), and switch undo disks off.");
    }

    /// <summary>The socket, in the machine's folder, at which a disk that needs a server is to be had.</summary>
    /// <param name="disk">The disk.</param>
    public static string SocketName(MachineHardDisk disk) => string.Create(CultureInfo.InvariantCulture, $"disk-{disk.Bus}-{disk.Device}");

    /// <summary>Adds the disks.</summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="disks">The disks.</param>
    /// <param name="folder">The machine's folder.</param>
    /// <exception cref="VirtualMachineException">A disk is missing or damaged.</exception>
    public static void Add(List<string> arguments, IReadOnlyList<MachineHardDisk> disks, string folder)
    {
        foreach (MachineHardDisk disk in disks)
        {
            string node = SocketName(disk);
            arguments.AddRange(
            [
                "-blockdev",
                QemuJson.Write(json =>
                {
                    json.WriteString("node-name", node);
                    WriteBackend(json, disk, folder);
                }),
                "-device",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ide-hd,bus=ide.{disk.Bus},unit={disk.Device},drive={node},id=ide-{disk.Bus}-{disk.Device},bootindex={FirstBootIndex + (disk.Bus * 2) + disk.Device}"),
            ]);
        }
    }

    private static void WriteBackend(Utf8JsonWriter json, MachineHardDisk disk, string folder)
    {
        if (NeedsServer(disk))
        {
            json.WriteString("driver", "nbd");
            json.WriteStartObject("server");
            json.WriteString("type", "unix");
            json.WriteString("path", Path.Combine(folder, SocketName(disk)));
            json.WriteEndObject();
            return;
        }

        VirtualDiskInfo info = Look(disk);
        if (info.Kind == VirtualDiskKind.FixedSize)
        {
            json.WriteString("driver", "raw");
            json.WriteNumber("size", info.Size);
        }
        else
        {
            json.WriteString("driver", "vpc");
        }

        json.WriteStartObject("file");
        json.WriteString("driver", "file");
        json.WriteString("filename", WineHost.PathForQemu(disk.Image));
        json.WriteEndObject();
    }

    private static VirtualDiskInfo Look(MachineHardDisk disk)
    {
        try
        {
            return VirtualDiskInfo.Read(disk.Image);
        }
        catch (Exception e) when (e is VirtualDiskException or IOException or UnauthorizedAccessException)
        {
            throw new VirtualMachineException(VirtualMachineError.InvalidDiskFile, $"The disk {disk.Image} could not be read: {e.Message}", e);
        }
    }
}
