using System.Globalization;
using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Devices;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Networks;
using VpcComApi.VirtualMachines.Qemu.Processes;
using VpcComApi.VirtualMachines.Qemu.Programs;
using VpcComApi.VirtualMachines.Qemu.Qmp;
using VpcComApi.VirtualMachines.Qemu.SavedState;

namespace VpcComApi.VirtualMachines.Qemu;

/// <summary>
/// One machine in QEMU, from power-up to its end: a process, its control channel and its bus device. The machine ends when the process
/// exits, whatever the cause is; <see cref="RunAsync"/> waits for it and determines the reason.
/// </summary>
internal sealed class QemuMachine : IRunningMachine
{
    private readonly QemuProgram program;
    private readonly MachineStart start;
    private readonly QemuMachineOptions options;
    private readonly ILogger logger;
    private readonly QemuLinks links;
    private readonly QemuNetworkCables cables;
    private readonly MachineLifetime lifetime;

    private QemuProcess? process;
    private QmpClient? control;
    private QemuMigration? migration;
    private QemuUsageMeter? usageMeter;
    private volatile string shutdownReason = "";

    private QemuMachine(
        QemuProgram program, MachineStart start, bool sharesMemory,
        QemuMachineOptions options, NetworkSwitch internalNetwork, ILogger logger)
    {
        this.program = program;
        this.start = start = PresentMedia.Of(start, logger);
        this.options = options;
        this.logger = logger;
        links = new QemuLinks(start, sharesMemory, logger);
        cables = new QemuNetworkCables(start, program.Version, internalNetwork, links.Folder, OperateAsync, logger);
        lifetime = new MachineLifetime(start.MachineName, start.TimeProvider, ReleaseSteps, OnReleaseFailed);
        RemovableDrives = new QemuRemovableDrives(start, OperateAsync);
        Display = new QemuDisplay(OperateAsync, links.Folder);
        Keyboard = new QemuKeyboard(OperateAsync, start.TimeProvider);
        Mouse = new QemuMouse(OperateAsync);
    }

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => lifetime.Ended;

    /// <inheritdoc/>
    /// <remarks>Wine has no Unix sockets, over which QEMU transfers its state.</remarks>
    public MachineCapabilities Capabilities { get; } =
        MachineCapabilities.Display | MachineCapabilities.Keyboard | MachineCapabilities.Mouse | MachineCapabilities.MediaChange
        | MachineCapabilities.NetworkCables | MachineCapabilities.Usage | MachineCapabilities.PowerButton
        | (WineHost.IsPresent ? MachineCapabilities.None : MachineCapabilities.Save);

    /// <inheritdoc/>
    public IDisplayDevice Display { get; }

    /// <inheritdoc/>
    public IKeyboardDevice Keyboard { get; }

    /// <inheritdoc/>
    public IMouseDevice Mouse { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ISerialDevice> SerialPorts => links.SerialPorts;

    /// <inheritdoc/>
    public IRemovableDrives RemovableDrives { get; }

    /// <inheritdoc/>
    public INetworkCables NetworkCables => cables;

    /// <inheritdoc/>
    public IUsageMeter UsageMeter => usageMeter!;

    /// <summary>QEMU's control channel, as long as QEMU runs.</summary>
    /// <exception cref="VirtualMachineException">It has ended.</exception>
    private QmpClient Control => process!.Exited.IsCompleted ? throw lifetime.HasEnded() : control!;

    /// <summary>Powers a machine up.</summary>
    /// <param name="program">QEMU.</param>
    /// <param name="start">The configuration of the start.</param>
    /// <param name="options">Limits.</param>
    /// <param name="internalNetwork">The network between the machines of this process.</param>
    /// <param name="logger">Receives log messages.</param>
    /// <param name="progress">Receives up to 100.</param>
    /// <param name="cancellationToken">Cancels the start; all resources are released.</param>
    /// <exception cref="VirtualMachineException">It could not start; all resources are released.</exception>
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
            // A restored machine has the devices with which it was saved.
            bool wantsRings = RingDevices.AreWanted(start.Configuration, program);
            machine = new QemuMachine(program, start, header?.SharesMemory ?? wantsRings, options, internalNetwork, logger);
            if (wantsRings)
            {
                machine.links.UseSharedMemory();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"The bus device of '{start.MachineName}' could not be created: {e.Message}", e);
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

        machine.lifetime.Begin(machine.RunAsync);
        progress.Report(PoweredUp);
        return machine;
    }

    /// <inheritdoc/>
    public Task<Stream> ConnectBusAsync(CancellationToken cancellationToken) =>
        lifetime.ConnectAsync(links.Bus.ConnectAsync, cancellationToken);

    /// <inheritdoc/>
    public Task WaitForProcessorFaultAsync(CancellationToken cancellationToken) => lifetime.WaitForProcessorFaultAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => TranslateAsync(
        "be paused", lifetime.PauseAsync(token => Control.ExecuteAsync("stop", token), cancellationToken));

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => TranslateAsync(
        "be resumed", lifetime.ResumeAsync(token => Control.ExecuteAsync("cont", token), cancellationToken));

    /// <inheritdoc/>
    public Task ResetAsync(CancellationToken cancellationToken) => OperateAsync(
        "be reset",
        async qmp =>
        {
            Task reset = lifetime.ExpectResetAsync();
            await qmp.ExecuteAsync("system_reset", cancellationToken);
            await reset.WaitAsync(options.CommandLimit, start.TimeProvider, cancellationToken);
            if (lifetime.IsPaused)
            {
                // Only now, so that the guest does not run between the request and the reset.
                await qmp.ExecuteAsync("cont", cancellationToken);
                lifetime.MarkRunning();
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken)
    {
        QemuStateHeader header = new()
        {
            ConfigurationId = start.ConfigurationId,
            QemuVersion = program.Version.ToString(),
            MemoryMegabytes = start.MemoryMegabytes,
            SharesMemory = links.SharesMemory,
        };
        SaveSteps steps = new()
        {
            Stop = token => Control.ExecuteAsync("stop", token),
            Write = token => WriteStateAsync(path, header, progress, token),
            Continue = ContinueAsync,
            PowerOff = QuitAsync,
        };
        return TranslateAsync("be saved", lifetime.SaveAsync(path, progress, steps, cancellationToken));
    }

    /// <inheritdoc/>
    public Task PressPowerButtonAsync(CancellationToken cancellationToken) => OperateAsync(
        "have its power button pressed", qmp => qmp.ExecuteAsync("system_powerdown", cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task TurnOffAsync(CancellationToken cancellationToken) => lifetime.TurnOffAsync(QuitAsync, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TurnOffAsync(CancellationToken.None);

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> arguments = QemuCommandLine.Build(start, program.Accelerator, links.OpenDisks());
        if (MemoryDevice.Prepare(start) is { } putAside)
        {
            QemuMachineLog.MemoryPutAside(logger, start.MachineName, putAside);
        }

        if (OperatingSystem.IsLinux() && !ParentDeathLauncher.IsAvailable)
        {
            QemuMachineLog.MayOutliveHost(logger, start.MachineName);
        }

        process = await QemuProcess.StartAsync(
            program.Path, arguments, start.MachineName, lifetime.ReportProcessorFault, start.TimeProvider, logger);
        lifetime.SetKill(process.Kill);
        control = await QmpClient.ConnectAsync(
            process.Input, process.Output, OnEvent, options.StartLimit, options.CommandLimit, start.TimeProvider, cancellationToken);
        migration = new QemuMigration(links.Folder, process, control, options, start.TimeProvider);
        await HardDiskDevices.AddSecretNodesAsync(control, links.DiskSockets, cancellationToken);
        usageMeter = new QemuUsageMeter(process, control, cables, start.MachineName);
        await links.ConnectAsync(options.CommandLimit, cancellationToken);
        await cables.PlugAllAsync(control, cancellationToken);
        await migration.EnableEventsAsync(cancellationToken);
        QemuMachineLog.PowersUp(logger, start.MachineName, program.Version.ToString(), process.Id, program.Accelerator);
    }

    /// <summary>Waits for the process's exit and determines the reason.</summary>
    private async Task<MachineEnd> RunAsync()
    {
        await process!.Exited;
        await process.DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // When this returns, QEMU's last messages have arrived.
        await CleanUp.RunAsync(OnReleaseFailed, start.TimeProvider, control!.DisposeAsync);
        return shutdownReason switch
        {
            "guest-shutdown" => new MachineEnd(MachineEndReason.GuestPoweredOff, "the guest powered the machine off"),
            "guest-panic" => new MachineEnd(MachineEndReason.Died, "the guest's kernel panicked"),
            _ => new MachineEnd(MachineEndReason.Died, await process.DescribeExitAsync()),
        };
    }

    /// <summary>Ends a machine whose start failed.</summary>
    private async Task AbandonAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.Exited;
            await process.DrainAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (control is not null)
        {
            await CleanUp.RunAsync(OnReleaseFailed, start.TimeProvider, control.DisposeAsync);
        }

        await lifetime.AbandonAsync();
    }

    private IEnumerable<Func<ValueTask>> ReleaseSteps() =>
    [
        .. links.ReleaseSteps,
        () => process?.DisposeAsync() ?? ValueTask.CompletedTask,
        cables.DisposeAsync,
        .. links.LastReleaseSteps,
    ];

    private void OnReleaseFailed(Exception failure) => QemuMachineLog.PartNotReleased(logger, failure, start.MachineName);

    /// <summary>Runs on the control channel's reading thread; must not wait.</summary>
    private void OnEvent(QmpEvent happened)
    {
        switch (happened.Name)
        {
            case "SHUTDOWN":
                shutdownReason = happened.Text("reason");
                break;
            case "RESET":
                links.Bus.GuestReset();
                if (happened.Flag("guest"))
                {
                    QemuMachineLog.GuestReset(logger, start.MachineName);
                }

                lifetime.CompleteReset();
                break;
            case "VSERPORT_CHANGE" when happened.Text("id") == QemuCommandLine.BusDeviceId:
                links.Bus.Changed(happened.Flag("open"));
                break;
            case "MIGRATION":
                migration?.OnEvent(happened.Text("status"));
                break;
            default:
                break;
        }
    }

    private Task OperateAsync(string what, Func<QmpClient, Task> operation, CancellationToken cancellationToken) =>
        TranslateAsync(what, lifetime.ExecuteAsync(_ => operation(Control), cancellationToken));

    /// <summary>Translates QEMU's failures into exceptions of the domain.</summary>
    private async Task TranslateAsync(string what, Task operation)
    {
        try
        {
            await operation;
        }
        catch (Exception e) when (e is QmpException or TimeoutException)
        {
            throw Failed(what, e);
        }
    }

    /// <summary>Requests QEMU's end and waits for it; kills it when it does not end.</summary>
    private async Task QuitAsync()
    {
        try
        {
            await control!.ExecuteAsync("quit", CancellationToken.None).WaitAsync(options.QuitLimit, start.TimeProvider);
            await process!.Exited.WaitAsync(options.QuitLimit, start.TimeProvider);
        }
        catch (Exception e) when (e is QmpException or TimeoutException)
        {
            if (!process!.Exited.IsCompleted)
            {
                process.Kill();
                QemuMachineLog.QuitTookTooLong(logger, start.MachineName, options.QuitLimit.TotalSeconds);
            }
        }
    }

    private async Task WriteStateAsync(string path, QemuStateHeader header, IProgress<int> progress, CancellationToken cancellationToken)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.Ending);
        await migration!.SaveAsync(path, header, progress, giveUp.Token);
    }

    /// <summary>A save has failed: the machine continues.</summary>
    private async Task ContinueAsync()
    {
        if (process!.Exited.IsCompleted)
        {
            return;
        }

        try
        {
            await migration!.CancelAsync();
            if (!lifetime.IsPaused)
            {
                await control!.ExecuteAsync("cont", CancellationToken.None);
            }
        }
        catch (QmpException)
        {
            // The failure of the save is the one to report; a QEMU that does not answer is ended with the machine.
        }
    }

    private async Task RestoreAsync(Stream state, CancellationToken cancellationToken)
    {
        if (!await migration!.TryRestoreAsync(state, cancellationToken))
        {
            string reason = process!.LastMessage is { Length: > 0 } message ? message : "it gave no reason";
            throw new VirtualMachineException(
                VirtualMachineError.SavedStateUnreadable,
                $"QEMU {program.Version} could not restore {start.SavedStateFile}: {reason}. "
                    + "Discard the saved state and start the machine again.");
        }

        // The guest may have had the port open when it was saved; no event reports that again.
        await links.Bus.RefreshAsync(control!, cancellationToken);
    }

    private VirtualMachineException Failed(string what, Exception cause) => new(
        cause is TimeoutException ? VirtualMachineError.TimedOut : VirtualMachineError.ProviderFailed,
        string.Create(CultureInfo.InvariantCulture, $"'{start.MachineName}' could not {what}: {cause.Message}")
        + (process?.LastMessage is { Length: > 0 } message ? $" QEMU said: {message}" : ""),
        cause);
}
