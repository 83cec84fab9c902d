using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>
/// Changes media in the drives of a QEMU machine, by the parts of QEMU's blockdev-change-medium: it alone takes a file name that QEMU would
/// take apart. The new medium is opened before the old one is touched, so a change that fails leaves the drive as it was.
/// </summary>
internal sealed class QemuRemovableDrives : IRemovableDrives
{
    private readonly Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate;
    private readonly Dictionary<string, Drive> drives = [];

    /// <summary>Takes note of the drives of a machine that starts.</summary>
    /// <param name="start">The machine.</param>
    /// <param name="operate">
    /// Executes a command of the control channel, one after another, and turns its failures into the domain's.
    /// </param>
    public QemuRemovableDrives(MachineStart start, Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate)
    {
        this.operate = operate;
        foreach (MachineDvdDrive drive in start.DvdDrives)
        {
            Note(MediaDevices.DvdId(drive.Bus, drive.Device), drive.Medium);
        }

        foreach (MachineFloppyDrive drive in start.FloppyDrives)
        {
            Note(MediaDevices.FloppyId(drive.Number), drive.Medium);
        }
    }

    /// <inheritdoc/>
    public Task ChangeDvdAsync(int bus, int device, MachineMedium? medium, CancellationToken cancellationToken) =>
        ChangeAsync(MediaDevices.DvdId(bus, device), medium, isDisc: true, cancellationToken);

    /// <inheritdoc/>
    public Task ChangeFloppyAsync(int number, MachineMedium? medium, CancellationToken cancellationToken) =>
        ChangeAsync(MediaDevices.FloppyId(number), medium, isDisc: false, cancellationToken);

    private void Note(string id, MachineMedium? medium) =>
        drives.Add(id, new Drive { Node = medium is null ? null : MediaDevices.NodeOf(id, 0) });

    private Task ChangeAsync(string id, MachineMedium? medium, bool isDisc, CancellationToken cancellationToken)
    {
        if (!drives.TryGetValue(id, out Drive? drive))
        {
            throw new VirtualMachineException(
                VirtualMachineError.DriveInvalid,
                $"The running machine has no drive '{id}'. A drive that was added is there at its next start.");
        }

        return operate(
            medium is null ? "have a medium taken out of its drive" : $"get {medium.Name} into its drive",
            qmp => ChangeAsync(qmp, id, drive, medium, isDisc, cancellationToken),
            cancellationToken);
    }

    private static async Task ChangeAsync(
        QmpClient qmp, string id, Drive drive, MachineMedium? medium, bool isDisc, CancellationToken cancellationToken)
    {
        string? node = null;
        if (medium is not null)
        {
            node = MediaDevices.NodeOf(id, ++drive.Count);
            await qmp.ExecuteAsync("blockdev-add", json => MediaDevices.WriteNode(json, node, medium, isDisc), cancellationToken);
        }

        await qmp.ExecuteAsync(
            "blockdev-open-tray",
            json =>
            {
                json.WriteString("id", id);
                json.WriteBoolean("force", true);
            },
            CancellationToken.None);
        if (drive.Node is { } old)
        {
            await qmp.ExecuteAsync("blockdev-remove-medium", json => json.WriteString("id", id), CancellationToken.None);
            drive.Node = null;
            await qmp.ExecuteAsync("blockdev-del", json => json.WriteString("node-name", old), CancellationToken.None);
        }

        if (node is not null)
        {
            await qmp.ExecuteAsync(
                "blockdev-insert-medium",
                json =>
                {
                    json.WriteString("id", id);
                    json.WriteString("node-name", node);
                },
                CancellationToken.None);
            drive.Node = node;
        }

        await qmp.ExecuteAsync("blockdev-close-tray", json => json.WriteString("id", id), CancellationToken.None);
    }

    /// <summary>What is in a drive.</summary>
    private sealed class Drive
    {
        /// <summary>The block node of the medium; null when the drive is empty.</summary>
        public string? Node { get; set; }

        /// <summary>How many media have been put in.</summary>
        public int Count { get; set; }
    }
}
