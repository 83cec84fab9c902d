using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>
/// Plugs the network cards of a QEMU machine in. A card whose cable is loose has no link, which its guest sees. The networks of the host's own adapters
/// would need rights on the host that this process does not have: their cards have no link either, and the log says so.
/// </summary>
/// <param name="start">The machine.</param>
/// <param name="operate">Executes commands of the control channel, one operation after another, and turns their failures into the domain's.</param>
/// <param name="logger">Where messages go.</param>
internal sealed class QemuNetworkCables(MachineStart start, Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate, ILogger logger)
    : INetworkCables
{
    private readonly HashSet<int> pluggedIn = [];

    /// <summary>Plugs all cards in as the machine's description says. The machine does not execute yet.</summary>
    /// <param name="qmp">The control channel.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PlugAllAsync(QmpClient qmp, CancellationToken cancellationToken)
    {
        foreach (MachineNetworkCard card in start.NetworkCards)
        {
            await PlugAsync(qmp, card.Number, card.Network, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task PlugAsync(int card, VirtualNetworkKind? network, CancellationToken cancellationToken) =>
        start.NetworkCards.Any(present => present.Number == card)
            ? operate("have its network card plugged in", qmp => PlugAsync(qmp, card, network, cancellationToken), cancellationToken)
            : throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"'{start.MachineName}' runs without the network card {card}. A card that was added is there at its next start.");

    private async Task PlugAsync(QmpClient qmp, int card, VirtualNetworkKind? network, CancellationToken cancellationToken)
    {
        await SetLinkAsync(qmp, card, isUp: false, cancellationToken);
        if (pluggedIn.Remove(card))
        {
            await qmp.ExecuteAsync("netdev_del", json => json.WriteString("id", NetworkDevices.PlugId(card)), cancellationToken);
            await qmp.ExecuteAsync("netdev_del", json => json.WriteString("id", NetworkDevices.NetworkId(card)), cancellationToken);
        }

        if (network is not VirtualNetworkKind.Shared)
        {
            if (network is not null)
            {
                QemuMachineLog.NetworkNotCarried(logger, start.MachineName, card, network.Value);
            }

            return;
        }

        await qmp.ExecuteAsync("netdev_add", json => NetworkDevices.WriteShared(json, card), cancellationToken);
        await qmp.ExecuteAsync("netdev_add", json => NetworkDevices.WritePlug(json, card), cancellationToken);
        pluggedIn.Add(card);
        await SetLinkAsync(qmp, card, isUp: true, cancellationToken);
    }

    private static async Task SetLinkAsync(QmpClient qmp, int card, bool isUp, CancellationToken cancellationToken) => await qmp.ExecuteAsync(
        "set_link",
        json =>
        {
            json.WriteString("name", NetworkDevices.DeviceId(card));
            json.WriteBoolean("up", isUp);
        },
        cancellationToken);
}
