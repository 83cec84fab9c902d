using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Emulated.Devices;
using VpcComApi.VirtualMachines.Emulated.Links;
using VpcComApi.VirtualMachines.Emulated.Native;
using VpcComApi.VirtualMachines.Emulated.Processes;
using VpcComApi.VirtualMachines.Emulated.SavedState;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated;

/// <summary>
/// One emulated machine, from power-up to its end. Its guest is one process at a time: a reset or a reboot ends one process and starts the
/// next one, with the same board, bus address and non-volatile memory. One loop, <see cref="RunAsync"/>, handles every exit and decides
/// what happens next; the commands only set the intended action and end the process.
/// </summary>
internal sealed class EmulatedMachine : IRunningMachine, IUsageMeter
{
    private readonly string program;
    private readonly MachineStart start;
    private readonly GuestMemory memory;
    private readonly ILogger logger;
    private readonly BoardDevices devices;
    private readonly BusDevice bus;
    private readonly BootLimit bootLimit;
    private readonly MachineLifetime lifetime;

    /// <summary>The running guest, or null if there is none. Changed only between two commands.</summary>
    private volatile GuestProcess? guest;

    private volatile int boots;

    private EmulatedMachine(string program, MachineStart start, GuestMemory memory, ILogger logger)
    {
        this.program = program;
        this.start = start;
        this.memory = memory;
        this.logger = logger;
        bootLimit = new BootLimit(start.TimeProvider);
        devices = new BoardDevices(
            SendToGuestAsync, (port, reason) => EmulatedMachineLog.SerialProtocolViolated(logger, start.MachineName, port + 1, reason));
        bus = new BusDevice(start.MachineName, FindGuestAsync, start.TimeProvider, logger);
        lifetime = new MachineLifetime(
            start.MachineName,
            start.TimeProvider,
            () => [DisposeGuestAsync, CompleteDevicesAsync, bus.DisposeAsync],
            failure => EmulatedMachineLog.CleanUpFailed(logger, failure, start.MachineName));
    }

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => lifetime.Ended;

    /// <inheritdoc/>
    public MachineCapabilities Capabilities =>
        MachineCapabilities.Display | MachineCapabilities.Keyboard | MachineCapabilities.Mouse | MachineCapabilities.Usage
        | MachineCapabilities.Save;

    /// <inheritdoc/>
    public IDisplayDevice Display => devices.Display;

    /// <inheritdoc/>
    public IKeyboardDevice Keyboard => devices.Keyboard;

    /// <inheritdoc/>
    public IMouseDevice Mouse => devices.Mouse;

    /// <inheritdoc/>
    public IReadOnlyList<ISerialDevice> SerialPorts => devices.SerialPorts;

    /// <inheritdoc/>
    public IUsageMeter UsageMeter => this;

    /// <summary>Powers a machine up.</summary>
    /// <param name="program">The guest service's full path.</param>
    /// <param name="start">The configuration of the start.</param>
    /// <param name="memory">The machine's non-volatile memory.</param>
    /// <param name="logger">Receives log messages.</param>
    /// <exception cref="VirtualMachineException">It could not start; all its resources are released.</exception>
    public static async Task<EmulatedMachine> StartAsync(string program, MachineStart start, GuestMemory memory, ILogger logger)
    {
        EmulatedMachine machine;
        try
        {
            machine = new(program, start, memory, logger);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoBusDevice(start, e);
        }

        try
        {
            // Opened before the guest starts, so that its first attempt to connect succeeds.
            machine.bus.Open();
            await machine.BootAsync();
        }
        catch (Exception e)
        {
            await machine.lifetime.AbandonAsync();
            throw e is IOException or UnauthorizedAccessException ? NoBusDevice(start, e) : e;
        }

        machine.lifetime.Begin(machine.RunAsync);
        return machine;
    }

    /// <inheritdoc/>
    public Task<Stream> ConnectBusAsync(CancellationToken cancellationToken) => lifetime.ConnectAsync(bus.AcceptAsync, cancellationToken);

    /// <inheritdoc/>
    public Task WaitForProcessorFaultAsync(CancellationToken cancellationToken) => lifetime.WaitForProcessorFaultAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) =>
        lifetime.PauseAsync(_ => DoAsync(RunningGuest().Suspend), cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) =>
        lifetime.ResumeAsync(_ => DoAsync(RunningGuest().Resume), cancellationToken);

    /// <inheritdoc/>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        Task reset = Task.CompletedTask;
        await lifetime.ExecuteAsync(
            _ =>
            {
                GuestProcess process = RunningGuest();
                reset = lifetime.ExpectResetAsync();
                return DoAsync(process.Kill);
            },
            cancellationToken);
        await reset.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken) => lifetime.SaveAsync(
        path,
        progress,
        new SaveSteps
        {
            Stop = _ => DoAsync(RunningGuest().Suspend),
            Write = token =>
            {
                // A guest that has ended cannot be saved.
                RunningGuest();
                return EmulatedStateFile.WriteAsync(
                    path, new EmulatedState { ConfigurationId = start.ConfigurationId, Parameters = memory.Parameters }, token);
            },
            Continue = () => lifetime.IsPaused || guest is not { Exited.IsCompleted: false } process
                ? Task.CompletedTask
                : DoAsync(process.Resume),
            PowerOff = KillGuestAsync,
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task TurnOffAsync(CancellationToken cancellationToken) => lifetime.TurnOffAsync(KillGuestAsync, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The usage of the guest is that of its process. It has no network card, so its traffic is that of its channels.</remarks>
    public Task<MachineUsage> MeasureAsync(CancellationToken cancellationToken)
    {
        int generation = boots;
        GuestProcess process = guest ?? throw new IOException(lifetime.HasEnded().Message);
        ProcessCounters counters = process.ReadCounters();
        return Task.FromResult(
            new MachineUsage(counters.ProcessorTime, counters.BytesRead, counters.BytesWritten) { Generation = generation });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TurnOffAsync(CancellationToken.None);

    /// <summary>
    /// Waits for the guest's exits, boots it again after an exit that requests that, and returns the end of the machine.
    /// </summary>
    private async Task<MachineEnd> RunAsync()
    {
        MachineEnd? end = null;
        while (end is null)
        {
            GuestExit exit = await guest!.Exited;
            end = await lifetime.DecideAsync(() => DecideAsync(exit));
        }

        return end;
    }

    /// <summary>Handles an exit of the guest's process.</summary>
    /// <param name="exit">The exit.</param>
    /// <returns>The end of the machine, or null when the guest was booted again.</returns>
    private async Task<MachineEnd?> DecideAsync(GuestExit exit)
    {
        try
        {
            // When this returns, the guest's last writes to the machine's memory have been processed.
            await DisposeGuestAsync();
            guest = null;
            lifetime.MarkRunning();
            if (lifetime.WantedEnd is { } wanted)
            {
                return wanted;
            }

            if (!lifetime.IsResetWanted && !exit.IsRestart && !MayBootAfter(exit))
            {
                return new MachineEnd(exit.IsPowerOff ? MachineEndReason.GuestPoweredOff : MachineEndReason.Died, exit.Description);
            }

            await bootLimit.WaitAsync(CancellationToken.None);
            await BootAsync();
            lifetime.CompleteReset();
            return null;
        }
        catch (VirtualMachineException e)
        {
            return new MachineEnd(MachineEndReason.Died, $"{exit.Description} and could not boot again: {e.Message}");
        }
    }

    /// <summary>A PC resets after a fatal error of its processor. So does this machine, unless its guest crashes after each boot.</summary>
    private bool MayBootAfter(GuestExit exit)
    {
        if (!exit.IsProcessorFault || !bootLimit.AdmitFault())
        {
            return false;
        }

        lifetime.ReportProcessorFault();
        EmulatedMachineLog.ProcessorFault(logger, start.MachineName, exit.Description);
        return true;
    }

    private async Task BootAsync()
    {
        BoardDescription board = new()
        {
            Bus = bus.Address,
            Key = bus.SecretKey,
            MachineName = start.MachineName,
            MemoryMegabytes = start.MemoryMegabytes,
            Firmware = new BoardFirmware(
                start.Firmware.BiosGuid,
                start.Firmware.BiosSerialNumber,
                start.Firmware.BaseBoardSerialNumber,
                start.Firmware.ChassisSerialNumber,
                start.Firmware.ChassisAssetTag),
            Parameters = memory.Parameters,
        };

        devices.Reset();
        bootLimit.NoteBoot();
        boots++;
        GuestProcess booted = await GuestProcess.StartAsync(program, board, memory, devices, start.TimeProvider, logger);
        guest = booted;
        lifetime.SetKill(booted.Kill);
        EmulatedMachineLog.GuestBoots(logger, start.MachineName, booted.Id);
    }

    private ValueTask DisposeGuestAsync() => guest?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ValueTask CompleteDevicesAsync()
    {
        devices.Complete();
        return ValueTask.CompletedTask;
    }

    private Task KillGuestAsync()
    {
        guest?.Kill();
        return Task.CompletedTask;
    }

    private async Task<int?> FindGuestAsync(CancellationToken cancellationToken)
    {
        int? id = null;
        await lifetime.ExecuteAsync(_ => DoAsync(() => id = guest?.Id), cancellationToken);
        return id;
    }

    /// <summary>Sends a message of a device to the guest. No lock of the machine is held while a paused guest does not accept it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isMeant">Whether it is for the guest that is running then: another one may have booted during the wait.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    private async Task SendToGuestAsync(BoardInput message, Func<bool> isMeant, CancellationToken cancellationToken)
    {
        GuestProcess? process = null;
        await lifetime.ExecuteAsync(
            _ => DoAsync(() => process = isMeant() ? RunningGuest() : throw GuestHasGone()), cancellationToken);
        await process!.SendAsync(message, cancellationToken);
    }

    private static Task DoAsync(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private VirtualMachineException GuestHasGone() => new(
        VirtualMachineError.MachineNotRunning,
        $"The guest of '{start.MachineName}' for which this was meant has ended, and another has booted.");

    private GuestProcess RunningGuest() => guest ?? throw lifetime.HasEnded();

    private static VirtualMachineException NoBusDevice(MachineStart start, Exception cause) => new(
        VirtualMachineError.ProviderFailed, $"The bus device of '{start.MachineName}' could not be created: {cause.Message}", cause);
}
