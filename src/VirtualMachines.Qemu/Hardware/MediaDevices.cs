using System.Globalization;
using System.Text.Json;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>Adds a machine's drives for removable media to QEMU, with their media.</summary>
internal static class MediaDevices
{
    /// <summary>The firmware's boot order, as in Virtual PC: floppy disk, disc, hard disk.</summary>
    private const int FloppyBootIndex = 1;

    private const int DvdBootIndex = 2;

    /// <summary>The id of a DVD drive's device.</summary>
    /// <param name="bus">Its IDE bus.</param>
    /// <param name="device">Its position.</param>
    public static string DvdId(int bus, int device) => string.Create(CultureInfo.InvariantCulture, $"ide-{bus}-{device}");

    /// <summary>The id of a floppy drive's device.</summary>
    /// <param name="number">Its number.</param>
    public static string FloppyId(int number) => string.Create(CultureInfo.InvariantCulture, $"floppy-{number}");

    /// <summary>The name of the block node of a drive's n-th medium.</summary>
    /// <param name="deviceId">The drive.</param>
    /// <param name="count">How many media it had before.</param>
    public static string NodeOf(string deviceId, int count) => string.Create(CultureInfo.InvariantCulture, $"medium-{deviceId}-{count}");

    /// <summary>Adds the drives.</summary>
    /// <param name="arguments">QEMU's arguments.</param>
    /// <param name="start">The machine.</param>
    public static void Add(List<string> arguments, MachineStart start)
    {
        foreach (MachineDvdDrive drive in start.DvdDrives)
        {
            string id = DvdId(drive.Bus, drive.Device);
            arguments.AddRange(
            [
                .. Medium(drive.Medium, id, isDisc: true),
                "-device",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ide-cd,bus=ide.{drive.Bus},unit={drive.Device},id={id}{DriveOf(drive.Medium, id)},"
                    + $"bootindex={DvdBootIndex + (drive.Bus * 2) + drive.Device}"),
            ]);
        }

        foreach (MachineFloppyDrive drive in start.FloppyDrives)
        {
            string id = FloppyId(drive.Number);
            arguments.AddRange(
            [
                .. Medium(drive.Medium, id, isDisc: false),
                "-device",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"floppy,unit={drive.Number},id={id},drive-type=144{DriveOf(drive.Medium, id)}"),

                // The controller is a part of the machine type.
                "-global",
                string.Create(CultureInfo.InvariantCulture, $"isa-fdc.bootindex{(char)('A' + drive.Number)}={FloppyBootIndex}"),
            ]);
        }
    }

    /// <summary>Writes the members of a medium's block node.</summary>
    /// <param name="json">Receives the JSON.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="medium">The medium.</param>
    /// <param name="isDisc">Whether it is a disc, which cannot be written.</param>
    public static void WriteNode(Utf8JsonWriter json, string node, MachineMedium medium, bool isDisc)
    {
        // On Windows the letter of a drive is converted to its device.
        bool isLetter = medium.IsHostDrive && medium.Name.Length == 1;
        json.WriteString("driver", !medium.IsHostDrive ? "file" : isDisc && !isLetter ? "host_cdrom" : "host_device");
        json.WriteString("node-name", node);
        json.WriteString("filename", isLetter ? $@"\\.\{medium.Name}:" : medium.IsHostDrive ? medium.Name : QemuPath.Of(medium.Name));
        json.WriteBoolean("read-only", isDisc);
        if (!isDisc)
        {
            json.WriteBoolean("auto-read-only", true);
        }
    }

    private static string DriveOf(MachineMedium? medium, string id) => medium is null ? "" : $",drive={NodeOf(id, 0)}";

    private static IEnumerable<string> Medium(MachineMedium? medium, string id, bool isDisc) =>
        medium is null ? [] : ["-blockdev", QemuJson.Write(json => WriteNode(json, NodeOf(id, 0), medium, isDisc))];
}
