using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Devices;
using VpcComApi.VirtualMachines.Qemu.Disks;
using VpcComApi.VirtualMachines.Qemu.Links;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>
/// The connections between the QEMU of one machine and this process, except for the control channel: the bus device, the shared memory, the
/// serial ports, and the disks that this process reads and writes. Their sockets are in the machine's folder.
/// </summary>
internal sealed class QemuLinks
{
    private const string BusSocketName = "bus";

    private readonly MachineStart start;
    private readonly ILogger logger;
    private readonly MachineFolder folder;
    private readonly IBusSocket busSocket;
    private readonly RingPort? rings;
    private readonly Dictionary<string, DiskServer> diskServers = [];
    private readonly QemuSerialPort[] serialPorts;

    /// <summary>Creates the folder and the shared memory.</summary>
    /// <param name="start">The machine.</param>
    /// <param name="sharesMemory">Whether it has the device of shared memory.</param>
    /// <param name="logger">Receives log messages.</param>
    /// <exception cref="IOException">They could not be created.</exception>
    public QemuLinks(MachineStart start, bool sharesMemory, ILogger logger)
    {
        this.start = start;
        this.logger = logger;
        folder = new MachineFolder(start.MachineName, logger);
        busSocket = MakeSocket(BusSocketName);
        Bus = new BusPort(busSocket, start.TimeProvider, logger);
        rings = sharesMemory ? RingPort.TryMake(folder.FullPath) : null;
        serialPorts =
        [
            .. Enumerable.Range(0, SerialDevices.Count)
                .Select(port => new QemuSerialPort(MakeSocket(SerialDevices.Name(port)), start.MachineName, start.TimeProvider)),
        ];
    }

    /// <summary>The full path of the machine's folder.</summary>
    public string Folder => folder.FullPath;

    /// <summary>The bus device.</summary>
    public BusPort Bus { get; }

    /// <summary>The serial ports, COM1 first.</summary>
    public IReadOnlyList<QemuSerialPort> SerialPorts => serialPorts;

    /// <summary>Whether the machine has the device of shared memory.</summary>
    public bool SharesMemory => rings is not null;

    /// <summary>The sockets of the disks that this process reads and writes, by the names of their block nodes.</summary>
    public Dictionary<string, IDiskSocket> DiskSockets => diskServers.ToDictionary(pair => pair.Key, pair => pair.Value.Socket);

    /// <summary>The steps that release all this except the disks and the folder.</summary>
    public IEnumerable<Func<ValueTask>> ReleaseSteps =>
    [
        Bus.DisposeAsync,
        () => DoAsync(() => rings?.Dispose()),
        .. serialPorts.Select<QemuSerialPort, Func<ValueTask>>(port => port.DisposeAsync),
    ];

    /// <summary>
    /// The steps that release the disks and the folder, after QEMU has ended. A disk server logs its own failure.
    /// </summary>
    public IEnumerable<Func<ValueTask>> LastReleaseSteps =>
    [
        .. diskServers.Values.Select<DiskServer, Func<ValueTask>>(
            server => async () => await server.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)),
        () => DoAsync(folder.Delete),
    ];

    /// <summary>
    /// Makes the buses of this machine transfer their data through the shared memory, if there is any. Called before the first link.
    /// </summary>
    public void UseSharedMemory()
    {
        if (rings is not null)
        {
            Bus.Attach(rings.Device);
        }
    }

    /// <summary>Opens the disks that this process reads and writes.</summary>
    /// <returns>All sockets, in the form for QEMU's command line.</returns>
    /// <exception cref="VirtualMachineException">A disk could not be opened.</exception>
    public QemuSockets OpenDisks()
    {
        foreach (MachineHardDisk disk in start.HardDisks.Where(HardDiskDevices.NeedsServer))
        {
            string node = HardDiskDevices.NodeName(disk);
            diskServers.Add(node, DiskServer.Open(disk.Image, MakeDiskSocket(node), start.TimeProvider, logger));
        }

        return new QemuSockets(busSocket.Backend, [.. serialPorts.Select(port => port.Backend)], DiskSockets, rings?.Backend);
    }

    /// <summary>Connects to a QEMU that has started.</summary>
    /// <param name="limit">How long each connection may take.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public async Task ConnectAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await Bus.OpenAsync(cancellationToken).WaitAsync(limit, start.TimeProvider, cancellationToken);
        rings?.Open();
        foreach (QemuSerialPort port in serialPorts)
        {
            await port.OpenAsync(cancellationToken).WaitAsync(limit, start.TimeProvider, cancellationToken);
        }
    }

    private static ValueTask DoAsync(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }

    private IBusSocket MakeSocket(string name) => WineHost.IsPresent ? new LoopbackBusSocket() : new UnixBusSocket(folder.PathOf(name));

    private IDiskSocket MakeDiskSocket(string name) =>
        WineHost.IsPresent ? new LoopbackDiskSocket() : new UnixDiskSocket(folder.PathOf(name));
}
