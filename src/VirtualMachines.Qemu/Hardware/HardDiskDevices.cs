using System.Globalization;
using System.Text.Json;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Disks;
using VpcComApi.VirtualMachines.Qemu.Qmp;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// Adds a machine's hard disks to QEMU, at their positions on the two IDE buses. A fixed image is a raw disk followed by a footer. Other
/// kinds are served to QEMU by this process, because QEMU's own "vpc" driver has faults: it silently treats a differencing image as one
/// without a parent; it takes a dynamic image's size from the geometry or from the size field, depending on the creator of the image, and
/// ignores a block's sector bitmap; and a machine with such a disk cannot be saved.
/// </summary>
internal static class HardDiskDevices
{
    /// <summary>
    /// A disk's position in the firmware's boot order: after floppy disks and discs, as in Virtual PC.
    /// </summary>
    private const int FirstBootIndex = 10;

    /// <summary>Whether a disk is read and written by this process.</summary>
    /// <param name="disk">The disk.</param>
    /// <exception cref="VirtualMachineException">The image is missing or damaged.</exception>
    public static bool NeedsServer(MachineHardDisk disk) => Look(disk).Kind != VirtualDiskKind.FixedSize;

    /// <summary>The name of a disk's block node, and of its socket in the machine's folder.</summary>
    /// <param name="disk">The disk.</param>
    public static string NodeName(MachineHardDisk disk) => string.Create(CultureInfo.InvariantCulture, $"disk-{disk.Bus}-{disk.Device}");

    /// <summary>
    /// Adds the disks. Those whose sockets have secrets get no block node here, because every user may read a command line: QEMU then
    /// creates the machine only after <see cref="AddSecretNodesAsync"/>.
    /// </summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="disks">The disks.</param>
    /// <param name="sockets">The sockets of those that this process reads and writes, by the names of their block nodes.</param>
    /// <exception cref="VirtualMachineException">A disk is missing or damaged.</exception>
    public static void Add(List<string> arguments, IReadOnlyList<MachineHardDisk> disks, IReadOnlyDictionary<string, IDiskSocket> sockets)
    {
        foreach (MachineHardDisk disk in disks)
        {
            string node = NodeName(disk);
            if (!sockets.TryGetValue(node, out IDiskSocket? socket))
            {
                arguments.AddRange(["-blockdev", QemuJson.Write(json => WriteFixedNode(json, node, disk))]);
            }
            else if (!socket.IsSecret)
            {
                arguments.AddRange(["-blockdev", QemuJson.Write(json => WriteServedNode(json, node, socket))]);
            }

            arguments.AddRange(
            [
                "-device",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ide-hd,bus=ide.{disk.Bus},unit={disk.Device},drive={node},id=ide-{disk.Bus}-{disk.Device},"
                    + $"bootindex={FirstBootIndex + (disk.Bus * 2) + disk.Device}"),
            ]);
        }

        if (HaveSecrets(sockets))
        {
            arguments.Add("--preconfig");
        }
    }

    /// <summary>
    /// Adds the disks whose sockets have secrets over QEMU's control channel, which no other program can read, and makes QEMU create the
    /// machine.
    /// </summary>
    /// <param name="control">The control channel.</param>
    /// <param name="sockets">The sockets of all disks that this process reads and writes, by the names of their block nodes.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="QmpException">QEMU refused.</exception>
    public static async Task AddSecretNodesAsync(
        QmpClient control, IReadOnlyDictionary<string, IDiskSocket> sockets, CancellationToken cancellationToken)
    {
        if (!HaveSecrets(sockets))
        {
            return;
        }

        foreach ((string node, IDiskSocket socket) in sockets.Where(pair => pair.Value.IsSecret))
        {
            await control.ExecuteAsync("blockdev-add", json => WriteServedNode(json, node, socket), cancellationToken);
        }

        await control.ExecuteAsync("x-exit-preconfig", cancellationToken);
    }

    private static bool HaveSecrets(IReadOnlyDictionary<string, IDiskSocket> sockets) => sockets.Values.Any(socket => socket.IsSecret);

    private static void WriteServedNode(Utf8JsonWriter json, string node, IDiskSocket socket)
    {
        json.WriteString("node-name", node);
        json.WriteString("driver", "nbd");
        socket.WriteServer(json);
    }

    private static void WriteFixedNode(Utf8JsonWriter json, string node, MachineHardDisk disk)
    {
        json.WriteString("node-name", node);
        json.WriteString("driver", "raw");
        json.WriteNumber("size", Look(disk).Size);
        json.WriteStartObject("file");
        json.WriteString("driver", "file");
        json.WriteString("filename", QemuPath.Of(disk.Image));
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
            throw new VirtualMachineException(
                VirtualMachineError.InvalidDiskFile, $"The disk {disk.Image} could not be read: {e.Message}", e);
        }
    }
}
