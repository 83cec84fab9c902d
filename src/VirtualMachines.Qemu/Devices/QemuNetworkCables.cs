using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Networks;
using VpcComApi.VirtualMachines.Qemu.Programs;
using VpcComApi.VirtualMachines.Qemu.Qmp;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>
/// Connects the network cards of a QEMU machine to their networks. A card that is not connected has no link, which its guest can detect.
/// Networks of the host's own adapters would need rights on the host that this process does not have: their cards have no link either,
/// which is logged.
/// </summary>
/// <param name="start">The machine.</param>
/// <param name="version">QEMU's version.</param>
/// <param name="internalNetwork">The network between the machines of this process.</param>
/// <param name="folder">The machine's folder, which only this user may enter.</param>
/// <param name="operate">
/// Executes commands of the control channel, one operation after another, and translates their failures.
/// </param>
/// <param name="logger">Receives log messages.</param>
internal sealed class QemuNetworkCables(
    MachineStart start,
    QemuVersion version,
    NetworkSwitch internalNetwork,
    string folder,
    Func<string, Func<QmpClient, Task>, CancellationToken, Task> operate,
    ILogger logger) : INetworkCables, IAsyncDisposable
{
    /// <summary>How long QEMU may take to connect to the internal network after the command to do so.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly HashSet<int> pluggedIn = [];
    private readonly Lock gate = new();

    /// <summary>
    /// The cables to the internal network by card, and the bytes that were transferred over earlier cables. Guarded by the gate, because
    /// the meter reads them at any time.
    /// </summary>
    private readonly Dictionary<int, InternalCable> internalCables = [];
    private (long FromCards, long ToCards)? carriedBefore;

    /// <summary>
    /// Bytes of frames that the cards have sent to and received from the internal network since the machine's start; null if none was ever
    /// connected to it.
    /// </summary>
    public (long Sent, long Received)? Carried
    {
        get
        {
            lock (gate)
            {
                return carriedBefore is { } before
                    ? (before.FromCards + internalCables.Values.Sum(cable => cable.BytesFromCard),
                        before.ToCards + internalCables.Values.Sum(cable => cable.BytesToCard))
                    : null;
            }
        }
    }

    /// <summary>Connects all cards as configured. The machine does not execute yet.</summary>
    /// <param name="qmp">The control channel.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task PlugAllAsync(QmpClient qmp, CancellationToken cancellationToken)
    {
        foreach (MachineNetworkCard card in start.NetworkCards)
        {
            await PlugAsync(qmp, card, card.Network, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task PlugAsync(int card, VirtualNetworkKind? network, CancellationToken cancellationToken) =>
        start.NetworkCards.FirstOrDefault(present => present.Number == card) is { } found
            ? operate("have its network card plugged in", qmp => PlugAsync(qmp, found, network, cancellationToken), cancellationToken)
            : throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"'{start.MachineName}' runs without the network card {card}. A card that was added exists after its next start.");

    /// <summary>Removes the cables. Called after QEMU has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (MachineNetworkCard card in start.NetworkCards)
        {
            await TakeAwayAsync(card.Number);
        }
    }

    private static ulong AddressOf(MachineNetworkCard card) => EthernetFrame.Address(card.Address.GetAddressBytes());

    private static async Task SetLinkAsync(QmpClient qmp, int card, bool isUp, CancellationToken cancellationToken) =>
        await qmp.ExecuteAsync(
        "set_link",
        json =>
        {
            json.WriteString("name", NetworkDevices.DeviceId(card));
            json.WriteBoolean("up", isUp);
        },
        cancellationToken);

    private async Task PlugAsync(QmpClient qmp, MachineNetworkCard card, VirtualNetworkKind? network, CancellationToken cancellationToken)
    {
        await SetLinkAsync(qmp, card.Number, isUp: false, cancellationToken);
        if (pluggedIn.Remove(card.Number))
        {
            await qmp.ExecuteAsync("netdev_del", json => json.WriteString("id", NetworkDevices.PlugId(card.Number)), cancellationToken);
            await qmp.ExecuteAsync("netdev_del", json => json.WriteString("id", NetworkDevices.NetworkId(card.Number)), cancellationToken);
        }

        await TakeAwayAsync(card.Number);

        if (network is null)
        {
            return;
        }

        if (network is VirtualNetworkKind.Shared)
        {
            await qmp.ExecuteAsync("netdev_add", json => NetworkDevices.WriteShared(json, card.Number), cancellationToken);
        }
        else if (!await TryLayInternalAsync(qmp, card, network.Value, cancellationToken))
        {
            return;
        }

        await qmp.ExecuteAsync("netdev_add", json => NetworkDevices.WritePlug(json, card.Number), cancellationToken);
        pluggedIn.Add(card.Number);
        await SetLinkAsync(qmp, card.Number, isUp: true, cancellationToken);
    }

    /// <summary>Creates a cable to the internal network, if that is possible; otherwise the reason is logged.</summary>
    private async Task<bool> TryLayInternalAsync(
        QmpClient qmp, MachineNetworkCard card, VirtualNetworkKind network, CancellationToken cancellationToken)
    {
        string? obstacle = network is not VirtualNetworkKind.Internal
            ? "a network of the host's own adapters needs rights that this process does not have"
            : WineHost.IsPresent ? "Wine has no Unix sockets, through which QEMU reaches the internal network"
            : version.CompareTo(QemuVersion.WithStreamNetwork) < 0
                ? $"QEMU {version} cannot reach the internal network; {QemuVersion.WithStreamNetwork} and newer can"
            : null;
        string socketPath = Path.Combine(folder, NetworkDevices.SocketName(card.Number));
        InternalCable? cable = obstacle is null ? Lay(card, socketPath) : null;
        if (cable is null)
        {
            obstacle ??=
                $"another card in the internal network has the address {card.Address},"
                + $" or all of its {NetworkSwitch.MaxPorts} ports are taken";
            QemuMachineLog.NetworkNotCarried(logger, start.MachineName, card.Number, network, obstacle);
            return false;
        }

        try
        {
            await qmp.ExecuteAsync("netdev_add", json => NetworkDevices.WriteInternal(json, card.Number, socketPath), cancellationToken);
            await ConnectAsync(qmp, card.Number, cable, cancellationToken);
        }
        catch
        {
            await cable.DisposeAsync();
            throw;
        }

        lock (gate)
        {
            carriedBefore ??= (0, 0);
            internalCables.Add(card.Number, cable);
        }

        _ = ReportFailureAsync(card.Number, cable);
        return true;
    }

    private InternalCable? Lay(MachineNetworkCard card, string socketPath)
    {
        try
        {
            return InternalCable.TryLay(internalNetwork, AddressOf(card), socketPath, start.TimeProvider);
        }
        catch (IOException e)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"A network card of '{start.MachineName}' could not be plugged in: {e.Message}", e);
        }
    }

    /// <summary>
    /// Waits until QEMU has connected to a cable of which it was informed. If it does not connect, the cable is removed from QEMU.
    /// </summary>
    private async Task ConnectAsync(QmpClient qmp, int card, InternalCable cable, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(ConnectLimit, start.TimeProvider);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await cable.ConnectAsync(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            await qmp.ExecuteAsync("netdev_del", json => json.WriteString("id", NetworkDevices.NetworkId(card)), CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"QEMU did not connect to the internal network: {e.Message}");
        }
    }

    private async Task TakeAwayAsync(int card)
    {
        InternalCable? cable;
        lock (gate)
        {
            if (!internalCables.Remove(card, out cable))
            {
                return;
            }

            carriedBefore = (carriedBefore!.Value.FromCards + cable.BytesFromCard, carriedBefore.Value.ToCards + cable.BytesToCard);
        }

        await cable.DisposeAsync();
    }

    private async Task ReportFailureAsync(int card, InternalCable cable)
    {
        if (await cable.Ended is { } reason)
        {
            QemuMachineLog.NetworkLinkBroken(logger, start.MachineName, card, reason);
        }
    }
}
