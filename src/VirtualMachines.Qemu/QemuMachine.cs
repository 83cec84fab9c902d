using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Folders;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Devices;
using VpcComApi.VirtualMachines.Qemu.Disks;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Links;
using VpcComApi.VirtualMachines.Qemu.Networks;
using VpcComApi.VirtualMachines.Qemu.Processes;
using VpcComApi.VirtualMachines.Qemu.Programs;
using VpcComApi.VirtualMachines.Qemu.Qmp;
using VpcComApi.VirtualMachines.Qemu.SavedState;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu;

/// <summary>
/// One machine in QEMU, from power-up to its end: a process, its control channel and its bus device. The process's exit is the machine's
/// end, whatever caused it; <see cref="RunAsync"/> waits for it, decides what it means and gives everything back.
/// </summary>
internal sealed class QemuMachine : IRunningMachine
{
    private const string BusSocketName = "bus";
    private const string StateSocketName = "state";

    /// <summary>As long as the longest name of a socket in the machine's folder.</summary>
    private const string LongestSocketName = "disk-0-0";

    /// <summary>How often QEMU is asked how far it is with a state.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly QemuProgram program;
    private readonly MachineStart start;
    private readonly QemuMachineOptions options;
    private readonly ILogger logger;
    private readonly string folder;
    private readonly IBusSocket busSocket;
    private readonly BusPort bus;
    private readonly RingPort? rings;
    private readonly Dictionary<string, DiskServer> diskServers = [];
    private readonly QemuSerialPort[] serialPorts;
    private readonly QemuNetworkCables cables;

    /// <summary>Held by one operation at a time.</summary>
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>Counts the triple faults that nobody has been told of yet.</summary>
    private readonly SemaphoreSlim processorFaults = new(0);

    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource<MachineEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock migrationGate = new();

    private QemuProcess? process;
    private QmpClient? control;
    private bool isPaused;
    private volatile MachineEnd? wantedEnd;
    private volatile string shutdownReason = "";
    private TaskCompletionSource? wantedReset;
    private TaskCompletionSource<string>? migration;

    private QemuMachine(
        QemuProgram program, MachineStart start, bool sharesMemory, QemuMachineOptions options, NetworkSwitch internalNetwork, ILogger logger)
    {
        this.program = program;
        this.start = start = WithoutMissingMedia(start, logger);
        this.options = options;
        this.logger = logger;
        folder = PrivateFolder.Make(LongestSocketName);
        busSocket = MakeSocket(BusSocketName);
        bus = new BusPort(busSocket, logger);
        rings = sharesMemory ? RingPort.TryMake(folder) : null;
        serialPorts = [.. Enumerable.Range(0, SerialDevices.Count).Select(port => new QemuSerialPort(MakeSocket(SerialDevices.Name(port)), start.MachineName))];
        cables = new QemuNetworkCables(start, program.Version, internalNetwork, folder, OperateAsync, logger);
        RemovableDrives = new QemuRemovableDrives(start, OperateAsync);
        Display = new QemuDisplay(OperateAsync, folder);
        Keyboard = new QemuKeyboard(OperateAsync);
        Mouse = new QemuMouse(OperateAsync);
    }

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => ended.Task;

    /// <inheritdoc/>
    public IDisplayDevice Display { get; }

    /// <inheritdoc/>
    public IKeyboardDevice Keyboard { get; }

    /// <inheritdoc/>
    public IMouseDevice Mouse { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ISerialDevice> SerialPorts => serialPorts;

    /// <inheritdoc/>
    public IRemovableDrives RemovableDrives { get; }

    /// <inheritdoc/>
    public INetworkCables NetworkCables => cables;

    /// <inheritdoc/>
    public IUsageMeter? UsageMeter { get; private set; }

    /// <summary>Powers a machine up.</summary>
    /// <param name="program">QEMU.</param>
    /// <param name="start">What to start.</param>
    /// <param name="options">Limits.</param>
    /// <param name="internalNetwork">The network between the machines of this process.</param>
    /// <param name="logger">Where messages go.</param>
    /// <param name="progress">Receives up to 100.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    /// <exception cref="VirtualMachineException">It could not start; nothing is left.</exception>
    public static async Task<QemuMachine> StartAsync(
        QemuProgram program,
        MachineStart start,
        QemuMachineOptions options,
        NetworkSwitch internalNetwork,
        ILogger logger,
        IProgress<int> progress,
        CancellationToken cancellationToken)
    {
        const int StateChecked = 30;
        const int ProcessStarted = 50;
        const int PoweredUp = 100;

        (Stream? savedStream, QemuStateHeader? header) = start.SavedStateFile is { } path
            ? await QemuStateFile.OpenAsync(path, start.ConfigurationId, start.MemoryMegabytes, cancellationToken)
            : default;
        await using Stream? state = savedStream;
        progress.Report(StateChecked);

        QemuMachine machine;
        try
        {
            // A machine that goes on has the devices with which it was saved.
            bool wantsRings = RingDevices.AreWanted(start.Configuration, program);
            machine = new QemuMachine(program, start, header?.SharesMemory ?? wantsRings, options, internalNetwork, logger);
            if (wantsRings && machine.rings is not null)
            {
                machine.bus.Attach(machine.rings.Device);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"The bus device of '{start.MachineName}' could not be made: {e.Message}", e);
        }

        try
        {
            await machine.LaunchAsync(cancellationToken);
            progress.Report(ProcessStarted);
            if (state is not null)
            {
                await machine.RestoreAsync(state, cancellationToken);
            }

            await machine.control!.ExecuteAsync("cont", cancellationToken);
        }
        catch (Exception e)
        {
            await machine.AbandonAsync();
            throw e is QmpException or IOException or TimeoutException ? machine.Failed("be started", e) : e;
        }

        _ = machine.RunAsync();
        progress.Report(PoweredUp);
        return machine;
    }

    /// <inheritdoc/>
    public async Task<Stream> ConnectBusAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await bus.ConnectAsync(waiting.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"'{start.MachineName}' has ended.");
        }
    }

    /// <inheritdoc/>
    public Task WaitForProcessorFaultAsync(CancellationToken cancellationToken) => processorFaults.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => OperateAsync(
        "be paused",
        async qmp =>
        {
            await qmp.ExecuteAsync("stop", cancellationToken);
            isPaused = true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => OperateAsync(
        "be resumed",
        async qmp =>
        {
            await qmp.ExecuteAsync("cont", cancellationToken);
            isPaused = false;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ResetAsync(CancellationToken cancellationToken) => OperateAsync(
        "be reset",
        async qmp =>
        {
            TaskCompletionSource reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
            wantedReset = reset;
            await qmp.ExecuteAsync("system_reset", cancellationToken);
            await reset.Task.WaitAsync(options.CommandLimit, cancellationToken);
            if (isPaused)
            {
                // Only now, so that nothing runs between the request and the reset.
                await qmp.ExecuteAsync("cont", cancellationToken);
                isPaused = false;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(progress);
        if (WineHost.IsPresent)
        {
            throw new VirtualMachineException(
                VirtualMachineError.NotImplemented, $"'{start.MachineName}' cannot be saved: Wine has no Unix sockets, through which QEMU hands its state over.");
        }

        progress.Report(0);
        await OperateAsync(
            "be saved",
            async qmp =>
            {
                await qmp.ExecuteAsync("stop", cancellationToken);
                try
                {
                    await WriteStateAsync(qmp, path, progress, cancellationToken);
                }
                catch when (!process!.Exited.IsCompleted)
                {
                    await GoOnAsync(qmp);
                    throw;
                }

                wantedEnd = new MachineEnd(MachineEndReason.Saved, $"saved to {path}");
                await QuitAsync(qmp);
            },
            cancellationToken);
        await Ended.WaitAsync(CancellationToken.None);
        progress.Report(100);
    }

    /// <inheritdoc/>
    public async Task<bool> PressPowerButtonAsync(CancellationToken cancellationToken)
    {
        await OperateAsync("have its power button pressed", qmp => qmp.ExecuteAsync("system_powerdown", cancellationToken), cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task TurnOffAsync(CancellationToken cancellationToken)
    {
        if (!Ended.IsCompleted)
        {
            await gate.WaitAsync(cancellationToken);
            try
            {
                wantedEnd ??= new MachineEnd(MachineEndReason.TurnedOff, "the host turned it off");
                await QuitAsync(control!);
            }
            finally
            {
                gate.Release();
            }
        }

        await Ended.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TurnOffAsync(CancellationToken.None);

    private IBusSocket MakeSocket(string name) => WineHost.IsPresent ? new LoopbackBusSocket() : new UnixBusSocket(Path.Combine(folder, name));

    private IDiskSocket MakeDiskSocket(string name) => WineHost.IsPresent ? new LoopbackDiskSocket() : new UnixDiskSocket(Path.Combine(folder, name));

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        foreach (MachineHardDisk disk in start.HardDisks.Where(HardDiskDevices.NeedsServer))
        {
            string node = HardDiskDevices.NodeName(disk);
            diskServers.Add(node, DiskServer.Open(disk.Image, MakeDiskSocket(node), logger));
        }

        Dictionary<string, IDiskSocket> disks = diskServers.ToDictionary(pair => pair.Key, pair => pair.Value.Socket);
        IReadOnlyList<string> arguments = QemuCommandLine.Build(
            start, program.Accelerator, new QemuSockets(busSocket.Backend, [.. serialPorts.Select(port => port.Backend)], disks, rings?.Backend));
        if (MemoryDevice.Prepare(start) is { } putAside)
        {
            QemuMachineLog.MemoryPutAside(logger, start.MachineName, putAside);
        }

        if (OperatingSystem.IsLinux() && !ParentDeathLauncher.IsAvailable)
        {
            QemuMachineLog.MayOutliveHost(logger, start.MachineName);
        }

        process = await QemuProcess.StartAsync(program.Path, arguments, start.MachineName, () => processorFaults.Release(), logger);
        control = await QmpClient.ConnectAsync(
            process.Input, process.Output, OnEvent, options.StartLimit, options.CommandLimit, cancellationToken);
        await HardDiskDevices.AddSecretNodesAsync(control, disks, cancellationToken);
        UsageMeter = new QemuUsageMeter(process, control, cables, start.MachineName);
        await bus.OpenAsync(cancellationToken).WaitAsync(options.CommandLimit, cancellationToken);
        rings?.Open();
        foreach (QemuSerialPort port in serialPorts)
        {
            await port.OpenAsync(cancellationToken).WaitAsync(options.CommandLimit, cancellationToken);
        }

        await cables.PlugAllAsync(control, cancellationToken);
        await control.ExecuteAsync("migrate-set-capabilities", EnableMigrationEvents, cancellationToken);
        QemuMachineLog.PowersUp(logger, start.MachineName, program.Version.ToString(), process.Id, program.Accelerator);
    }

    /// <summary>Waits for the process's exit, gives everything back and tells the machine's end.</summary>
    private async Task RunAsync()
    {
        await process!.Exited;
        await process.DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // What QEMU said last has arrived when this returns.
        await CleanUpAsync(control!.DisposeAsync);
        MachineEnd end = wantedEnd ?? (shutdownReason switch
        {
            "guest-shutdown" => new MachineEnd(MachineEndReason.GuestPoweredOff, "the guest powered the machine off"),
            "guest-panic" => new MachineEnd(MachineEndReason.Died, "the guest's kernel panicked"),
            _ => new MachineEnd(MachineEndReason.Died, process.DescribeExit()),
        });
        await ReleaseAsync();
        ended.SetResult(end);
    }

    /// <summary>Ends a machine whose start failed.</summary>
    private async Task AbandonAsync()
    {
        process?.Kill();
        if (process is not null)
        {
            await process.Exited;
            await process.DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (control is not null)
        {
            await CleanUpAsync(control.DisposeAsync);
        }

        await ReleaseAsync();
    }

    /// <summary>Gives back all that the machine had, each part whatever became of the others. Never throws.</summary>
    private async Task ReleaseAsync()
    {
        await CleanUpAsync([
            () => new ValueTask(ending.CancelAsync()),
            bus.DisposeAsync,
            () => Done(() => rings?.Dispose()),
            .. serialPorts.Select<QemuSerialPort, Func<ValueTask>>(port => port.DisposeAsync),
            () => process?.DisposeAsync() ?? ValueTask.CompletedTask,
            cables.DisposeAsync,

            // Behind QEMU, which has written its last by now. A server logs its own failure.
            .. diskServers.Values.Select<DiskServer, Func<ValueTask>>(
                server => async () => await server.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)),
            () => Done(DeleteFolder),
        ]);
        wantedReset?.TrySetException(new VirtualMachineException(
            VirtualMachineError.ProviderFailed, $"'{start.MachineName}' ended while it was reset."));

        static ValueTask Done(Action action)
        {
            action();
            return ValueTask.CompletedTask;
        }
    }

    private Task CleanUpAsync(params IEnumerable<Func<ValueTask>> steps) =>
        CleanUp.RunAsync(failure => QemuMachineLog.PartNotReleased(logger, failure, start.MachineName), steps);

    private void DeleteFolder()
    {
        try
        {
            // QEMU leaves its socket when it is killed.
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A temporary folder may be swept by its owner.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            QemuMachineLog.CleanUpFailed(logger, e, start.MachineName, folder);
        }
    }

    /// <summary>Runs on the control channel's reading thread; must not wait.</summary>
    private void OnEvent(QmpEvent happened)
    {
        switch (happened.Name)
        {
            case "SHUTDOWN":
                shutdownReason = happened.Text("reason");
                break;
            case "RESET":
                bus.GuestReset();
                if (happened.Flag("guest"))
                {
                    QemuMachineLog.GuestReset(logger, start.MachineName);
                }

                Interlocked.Exchange(ref wantedReset, null)?.TrySetResult();
                break;
            case "VSERPORT_CHANGE" when happened.Text("id") == QemuCommandLine.BusDeviceId:
                bus.Changed(happened.Flag("open"));
                break;
            case "MIGRATION":
                lock (migrationGate)
                {
                    string status = happened.Text("status");
                    if (status is "completed" or "failed" or "cancelled")
                    {
                        migration?.TrySetResult(status);
                    }
                }

                break;
            default:
                break;
        }
    }

    private async Task OperateAsync(string what, Func<QmpClient, Task> operation, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (wantedEnd is not null || Ended.IsCompleted || process!.Exited.IsCompleted)
            {
                throw new VirtualMachineException(VirtualMachineError.MachineNotRunning, $"'{start.MachineName}' has ended.");
            }

            await operation(control!);
        }
        catch (Exception e) when (e is QmpException or TimeoutException)
        {
            throw Failed(what, e);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Tells QEMU to end and waits; kills it when it does not.</summary>
    private async Task QuitAsync(QmpClient qmp)
    {
        try
        {
            await qmp.ExecuteAsync("quit", CancellationToken.None).WaitAsync(options.QuitLimit);
            await process!.Exited.WaitAsync(options.QuitLimit);
        }
        catch (Exception e) when (e is QmpException or TimeoutException)
        {
            if (!process!.Exited.IsCompleted)
            {
                process.Kill();
                await process.Exited;
                QemuMachineLog.QuitTookTooLong(logger, start.MachineName, options.QuitLimit.TotalSeconds);
            }
        }
    }

    private async Task WriteStateAsync(QmpClient qmp, string path, IProgress<int> progress, CancellationToken cancellationToken)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        string socketPath = Path.Combine(folder, StateSocketName);
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        listener.Listen(1);
        Task<string> finished = ExpectMigration();
        await qmp.ExecuteAsync("migrate", json => json.WriteString("uri", "unix:" + socketPath), giveUp.Token);
        QemuStateHeader header = new()
        {
            ConfigurationId = start.ConfigurationId,
            QemuVersion = program.Version.ToString(),
            MemoryMegabytes = start.MemoryMegabytes,
            SharesMemory = rings is not null,
        };

        using CancellationTokenSource reporting = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token);
        Task reports = ReportProgressAsync(qmp, progress, reporting.Token);
        try
        {
            await using NetworkStream stream = new(await AcceptAsync(listener, finished, giveUp.Token), ownsSocket: true);
            await QemuStateFile.WriteAsync(
                path, header, stream, async () => await CheckMigrationAsync(qmp, finished, giveUp.Token), giveUp.Token);
        }
        finally
        {
            await reporting.CancelAsync();
            await reports;
        }
    }

    /// <summary>Waits for QEMU's connection, or learns that there will be none.</summary>
    private static async Task<Socket> AcceptAsync(Socket listener, Task<string> finished, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<Socket> accepting = listener.AcceptAsync(stop.Token).AsTask();
        if (await Task.WhenAny(accepting, finished) == finished && !accepting.IsCompleted)
        {
            await stop.CancelAsync();
            await ((Task)accepting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new QmpException("migrate", $"it {await finished} before it began");
        }

        return await accepting;
    }

    private async Task RestoreAsync(Stream state, CancellationToken cancellationToken)
    {
        string socketPath = Path.Combine(folder, StateSocketName);
        Task<string> finished = ExpectMigration();
        await control!.ExecuteAsync("migrate-incoming", json => json.WriteString("uri", "unix:" + socketPath), cancellationToken);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            await using NetworkStream stream = new(socket, ownsSocket: false);
            await state.CopyToAsync(stream, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // QEMU has stopped reading: it says why, or its end does.
        }

        Task first = await Task.WhenAny(finished, process!.Exited).WaitAsync(cancellationToken);
        if (first != finished || await finished != "completed")
        {
            await process.DrainAsync().WaitAsync(options.QuitLimit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new VirtualMachineException(
                VirtualMachineError.SavedStateUnreadable,
                $"QEMU {program.Version} could not restore {start.SavedStateFile}: {(process.LastMessage.Length > 0 ? process.LastMessage : "it gave no reason")}."
                + " Discard the saved state and start anew.");
        }

        // The guest may have had the port open when it was saved; its opening then will not be told again.
        bus.Changed(await IsBusOpenAsync(cancellationToken));
    }

    private async Task<bool> IsBusOpenAsync(CancellationToken cancellationToken)
    {
        JsonElement devices = await control!.ExecuteAsync("query-chardev", cancellationToken);
        return devices.ValueKind == JsonValueKind.Array && devices.EnumerateArray().Any(device =>
            device.TryGetProperty("label", out JsonElement label) && label.ValueEquals("bus")
            && device.TryGetProperty("frontend-open", out JsonElement isOpen) && isOpen.ValueKind == JsonValueKind.True);
    }

    private Task<string> ExpectMigration()
    {
        lock (migrationGate)
        {
            migration = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            return migration.Task;
        }
    }

    /// <summary>The stream has ended: was that all?</summary>
    private async Task CheckMigrationAsync(QmpClient qmp, Task<string> finished, CancellationToken cancellationToken)
    {
        string status = await finished.WaitAsync(options.CommandLimit, cancellationToken);
        if (status != "completed")
        {
            JsonElement result = await qmp.ExecuteAsync("query-migrate", cancellationToken);
            throw new QmpException("migrate", result.TryGetProperty("error-desc", out JsonElement why) ? why.ToString() : $"it {status}");
        }
    }

    private static async Task ReportProgressAsync(QmpClient qmp, IProgress<int> progress, CancellationToken cancellationToken)
    {
        const int Almost = 99;
        try
        {
            using PeriodicTimer timer = new(ProgressInterval);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                JsonElement state = await qmp.ExecuteAsync("query-migrate", cancellationToken);
                if (state.TryGetProperty("ram", out JsonElement ram)
                    && ram.TryGetProperty("total", out JsonElement total) && total.TryGetInt64(out long all) && all > 0
                    && ram.TryGetProperty("remaining", out JsonElement remaining) && remaining.TryGetInt64(out long left))
                {
                    progress.Report((int)Math.Clamp(Almost * (all - left) / all, 0, Almost));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or QmpException)
        {
            // Whoever waits for the state itself is told.
        }
    }

    /// <summary>A save has failed: the machine goes on as it was.</summary>
    private async Task GoOnAsync(QmpClient qmp)
    {
        try
        {
            await qmp.ExecuteAsync("migrate_cancel", CancellationToken.None);
            if (!isPaused)
            {
                await qmp.ExecuteAsync("cont", CancellationToken.None);
            }
        }
        catch (QmpException)
        {
            // The failure that brought us here is the one to tell; a QEMU that does not answer ends with the machine.
        }
    }

    /// <summary>A disc whose image was deleted is no reason not to start.</summary>
    private static MachineStart WithoutMissingMedia(MachineStart start, ILogger logger)
    {
        return start with
        {
            DvdDrives = [.. start.DvdDrives.Select(drive => drive with { Medium = Present(drive.Medium) })],
            FloppyDrives = [.. start.FloppyDrives.Select(drive => drive with { Medium = Present(drive.Medium) })],
        };

        MachineMedium? Present(MachineMedium? medium)
        {
            if (medium is { IsHostDrive: false } && !RegularFile.Exists(medium.Name))
            {
                QemuMachineLog.MediumMissing(logger, start.MachineName, medium.Name);
                return null;
            }

            return medium;
        }
    }

    private VirtualMachineException Failed(string what, Exception cause) => new(
        cause is TimeoutException ? VirtualMachineError.TimedOut : VirtualMachineError.ProviderFailed,
        string.Create(CultureInfo.InvariantCulture, $"'{start.MachineName}' could not {what}: {cause.Message}")
        + (process?.LastMessage is { Length: > 0 } message ? $" QEMU said: {message}" : ""),
        cause);

    private static void EnableMigrationEvents(Utf8JsonWriter json)
    {
        json.WriteStartArray("capabilities");
        json.WriteStartObject();
        json.WriteString("capability", "events");
        json.WriteBoolean("state", true);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
