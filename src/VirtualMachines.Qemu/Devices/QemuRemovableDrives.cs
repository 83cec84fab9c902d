using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>
/// Changes media in the drives of a QEMU machine, with the commands of which QEMU's blockdev-change-medium consists, because that command
/// itself would parse the file name as a URL or an option. The new medium is opened before the old one is removed, so a change that fails
/// leaves the drive unchanged.
/// </summary>
internal sealed class QemuRemovableDrives : IRemovableDrives
{
    private readonly Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate;
    private readonly Dictionary<string, Drive> drives = [];

    /// <summary>Stores the drives of a machine that starts.</summary>
    /// <param name="start">The machine.</param>
    /// <param name="operate">
    /// Executes commands of the control channel, one after another, and translates their failures.
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
                $"The running machine has no drive '{id}'. A drive that was added exists after its next start.");
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

    /// <summary>The content of a drive.</summary>
    private sealed class Drive
    {
        /// <summary>The block node of the medium; null when the drive is empty.</summary>
        public string? Node { get; set; }

        /// <summary>How many media were inserted.</summary>
        public int Count { get; set; }
    }
}
