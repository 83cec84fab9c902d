using System.Diagnostics;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Emulated.Devices;
using VpcComApi.VirtualMachines.Emulated.Links;
using VpcComApi.VirtualMachines.Emulated.Native;
using VpcComApi.VirtualMachines.Emulated.Processes;
using VpcComApi.VirtualMachines.Emulated.SavedState;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VirtualMachines.Emulated;

/// <summary>
/// One emulated machine, from power-up to its end. Its guest is one process at a time: a reset or a reboot ends one and boots the next,
/// with the same board, bus address and non-volatile memory. One loop, <see cref="RunAsync"/>, sees every exit and decides what it means;
/// the operations only say what they want and end the process.
/// </summary>
internal sealed class EmulatedMachine : IRunningMachine, IUsageMeter
{
    /// <summary>How long somebody who connected to the bus device may take to prove its key.</summary>
    private static readonly TimeSpan ProofLimit = TimeSpan.FromSeconds(10);

    /// <summary>The shortest time between two boots, so that a guest that restarts for ever does not take the host with it.</summary>
    private static readonly TimeSpan MinBootInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A guest that has run for so long has booted well.</summary>
    private static readonly TimeSpan HealthyRun = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often in a row a guest may be booted again after a processor fault. A real machine would go on for ever, and so would its host's
    /// fan.
    /// </summary>
    private const int MaxFaultyBoots = 3;

    /// <summary>The pause after somebody was not let in, so that a guest that knocks without end costs nothing.</summary>
    private static readonly TimeSpan RefusalPause = TimeSpan.FromMilliseconds(100);

    /// <summary>At most one entry about refusals in this time.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMinutes(1);

    private readonly string program;
    private readonly MachineStart start;
    private readonly GuestMemory memory;
    private readonly ILogger logger;
    private readonly BoardDevices devices;
    private readonly GuestLinkListener listener = GuestLinkListener.Create();
    private readonly LinkKey key = LinkKey.Create();

    /// <summary>
    /// Guards the fields below; held by one operation at a time, and by the loop while it looks at an exit and boots anew.
    /// </summary>
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>Guards the listener.</summary>
    private readonly SemaphoreSlim accepting = new(1);

    /// <summary>Counts the processor faults that nobody has been told of yet.</summary>
    private readonly SemaphoreSlim processorFaults = new(0);

    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource<MachineEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile GuestProcess? guest;
    private long bootedAt;
    private volatile int boots;
    private int faultyBoots;
    private long? refusalLoggedAt;
    private bool isPaused;
    private MachineEnd? wantedEnd;
    private TaskCompletionSource? wantedReset;

    private EmulatedMachine(string program, MachineStart start, GuestMemory memory, ILogger logger)
    {
        this.program = program;
        this.start = start;
        this.memory = memory;
        this.logger = logger;
        devices = new BoardDevices(
            SendToGuestAsync, (port, reason) => EmulatedMachineLog.SerialRulesBroken(logger, start.MachineName, port + 1, reason));
    }

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => ended.Task;

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
    /// <param name="start">What to start.</param>
    /// <param name="memory">Its non-volatile memory.</param>
    /// <param name="logger">Where messages go.</param>
    /// <exception cref="VirtualMachineException">It could not start; nothing is left behind.</exception>
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
            // There before the guest looks for it, so that it connects at its first try.
            machine.listener.Open();
            await machine.BootAsync();
        }
        catch (Exception e)
        {
            await machine.ReleaseAsync();
            throw e is IOException or UnauthorizedAccessException ? NoBusDevice(start, e) : e;
        }

        _ = machine.RunAsync();
        return machine;
    }

    /// <inheritdoc/>
    public async Task<Stream> ConnectBusAsync(CancellationToken cancellationToken)
    {
        if (ended.Task.IsCompleted)
        {
            throw HasEnded();
        }

        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending.Token);
        try
        {
            await accepting.WaitAsync(waiting.Token);
            try
            {
                return await AcceptGuestAsync(waiting.Token);
            }
            finally
            {
                accepting.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HasEnded();
        }
    }

    /// <inheritdoc/>
    public Task WaitForProcessorFaultAsync(CancellationToken cancellationToken) => processorFaults.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => OperateAsync(
        process =>
        {
            if (!isPaused)
            {
                process.Suspend();
                isPaused = true;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => OperateAsync(
        process =>
        {
            if (isPaused)
            {
                process.Resume();
                isPaused = false;
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        Task reset = Task.CompletedTask;
        await OperateAsync(
            process =>
            {
                wantedReset ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                reset = wantedReset.Task;
                process.Kill();
            },
            cancellationToken);
        await reset.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(progress);
        progress.Report(0);
        await gate.WaitAsync(cancellationToken);
        try
        {
            GuestProcess process = RunningGuest();
            if (!isPaused)
            {
                // What is saved is one moment: nothing that a client is told after it may be missing from the file.
                process.Suspend();
            }

            try
            {
                await EmulatedStateFile.WriteAsync(
                    path, new EmulatedState { ConfigurationId = start.ConfigurationId, Parameters = memory.Parameters }, cancellationToken);
            }
            catch when (!isPaused && !process.Exited.IsCompleted)
            {
                process.Resume();
                throw;
            }

            wantedEnd = new MachineEnd(MachineEndReason.Saved, $"saved to {path}");
            process.Kill();
        }
        finally
        {
            gate.Release();
        }

        await Ended.WaitAsync(CancellationToken.None);
        progress.Report(100);
    }

    /// <inheritdoc/>
    /// <remarks>An emulated guest is its guest service; nothing else in it hears a power button.</remarks>
    public Task<bool> PressPowerButtonAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public async Task TurnOffAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            wantedEnd ??= new MachineEnd(MachineEndReason.TurnedOff, "the host turned it off");
            guest?.Kill();
        }
        finally
        {
            gate.Release();
        }

        await Ended.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The guest is its process. It has no network card, so its channels are all its traffic.</remarks>
    public Task<MachineUsage> MeasureAsync(CancellationToken cancellationToken)
    {
        int generation = boots;
        GuestProcess process = guest ?? throw HasEnded();
        ProcessCounters counters = process.ReadCounters();
        return Task.FromResult(new MachineUsage(counters.ProcessorTime, counters.BytesRead, counters.BytesWritten) { Generation = generation });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await TurnOffAsync(CancellationToken.None);

    /// <summary>Waits for the guest's exits, boots it again as often as that is what an exit means, and ends the machine.</summary>
    private async Task RunAsync()
    {
        MachineEnd? end = null;
        try
        {
            while (end is null)
            {
                end = await JudgeAsync(await guest!.Exited);
            }
        }
#pragma warning disable CA1031 // A machine whose guest cannot be looked after has ended, and whoever waits for it is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            end = wantedEnd ?? new MachineEnd(MachineEndReason.Died, $"its guest could not be looked after: {e.Message}");
        }

        await ReleaseAsync();
        ended.SetResult(end);
    }

    /// <summary>Decides what an exit of the guest's process means.</summary>
    /// <param name="exit">The exit.</param>
    /// <returns>The machine's end, or null when the guest has been booted again.</returns>
    private async Task<MachineEnd?> JudgeAsync(GuestExit exit)
    {
        await gate.WaitAsync();
        try
        {
            // What the guest wrote to the machine's memory last has arrived when this returns.
            await guest!.DisposeAsync();
            guest = null;
            isPaused = false;
            if (wantedEnd is not null)
            {
                return wantedEnd;
            }

            TimeSpan sinceBoot = Stopwatch.GetElapsedTime(bootedAt);
            if (wantedReset is null && !exit.IsRestart && !MayBootAfter(exit, sinceBoot))
            {
                return new MachineEnd(exit.IsPowerOff ? MachineEndReason.GuestPoweredOff : MachineEndReason.Died, exit.Description);
            }

            if (sinceBoot < MinBootInterval)
            {
                await Task.Delay(MinBootInterval - sinceBoot);
            }

            await BootAsync();
            wantedReset?.SetResult();
            wantedReset = null;
            return null;
        }
        catch (VirtualMachineException e)
        {
            return new MachineEnd(MachineEndReason.Died, $"{exit.Description} and could not boot again: {e.Message}");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A PC whose processor meets a fatal error resets itself. So does this one, unless its guest does nothing else.</summary>
    private bool MayBootAfter(GuestExit exit, TimeSpan sinceBoot)
    {
        if (!exit.IsProcessorFault)
        {
            return false;
        }

        faultyBoots = sinceBoot < HealthyRun ? faultyBoots + 1 : 1;
        if (faultyBoots > MaxFaultyBoots)
        {
            return false;
        }

        processorFaults.Release();
        EmulatedMachineLog.ProcessorFault(logger, start.MachineName, exit.Description);
        return true;
    }

    private async Task BootAsync()
    {
        BoardDescription board = new()
        {
            Bus = listener.Address,
            Key = key.ToSecretText(),
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
        bootedAt = Stopwatch.GetTimestamp();
        boots++;
        guest = await GuestProcess.StartAsync(program, board, memory, devices, logger);
        EmulatedMachineLog.GuestBoots(logger, start.MachineName, guest.Id);
    }

    /// <summary>Gives back all that the machine had, each part whatever became of the others. Never throws.</summary>
    private async Task ReleaseAsync()
    {
        await CleanUp.RunAsync(
            failure => EmulatedMachineLog.CleanUpFailed(logger, failure, start.MachineName),
            () => new ValueTask(ending.CancelAsync()),
            () => guest?.DisposeAsync() ?? ValueTask.CompletedTask,
            () =>
            {
                devices.Complete();
                return ValueTask.CompletedTask;
            },
            CloseListenerAsync);
        wantedReset?.TrySetException(new VirtualMachineException(
            VirtualMachineError.ProviderFailed, $"'{start.MachineName}' ended while it was reset."));
    }

    private async ValueTask CloseListenerAsync()
    {
        await accepting.WaitAsync();
        try
        {
            await listener.DisposeAsync();
        }
        finally
        {
            accepting.Release();
        }
    }

    private async Task OperateAsync(Action<GuestProcess> operation, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            operation(RunningGuest());
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What a device has for the guest. Nothing of the machine is held while a guest that is paused does not take it.</summary>
    /// <param name="message">What it has.</param>
    /// <param name="isMeant">Whether it is meant for the guest that runs: another may have booted while this waited.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    private async Task SendToGuestAsync(BoardInput message, Func<bool> isMeant, CancellationToken cancellationToken)
    {
        GuestProcess? process = null;
        await OperateAsync(running => process = isMeant() ? running : throw GuestHasGone(), cancellationToken);
        await process!.SendAsync(message, cancellationToken);
    }

    private VirtualMachineException GuestHasGone() =>
        new(VirtualMachineError.MachineNotRunning, $"The guest of '{start.MachineName}' for which this was meant has ended, and another has booted.");

    private GuestProcess RunningGuest() => wantedEnd is null && guest is { } process
        ? process
        : throw new VirtualMachineException(VirtualMachineError.MachineNotRunning, $"'{start.MachineName}' has ended.");

    private async Task<Stream> AcceptGuestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            GuestLink link = await listener.AcceptAsync(cancellationToken);
            try
            {
                if (await RefusalOfAsync(link, cancellationToken) is not { } refusal)
                {
                    return link.Stream;
                }

                await link.Stream.DisposeAsync();
                if (refusalLoggedAt is not { } before || Stopwatch.GetElapsedTime(before) >= QuietTime)
                {
                    refusalLoggedAt = Stopwatch.GetTimestamp();
                    EmulatedMachineLog.LinkRefused(logger, start.MachineName, refusal);
                }
            }
            catch
            {
                await link.Stream.DisposeAsync();
                throw;
            }

            await Task.Delay(RefusalPause, cancellationToken);
        }
    }

    /// <summary>Says why somebody who connected is not our guest, or null when it is.</summary>
    private async Task<string?> RefusalOfAsync(GuestLink link, CancellationToken cancellationToken)
    {
        // Not while the guest boots: its process may connect before we have been told its number.
        await gate.WaitAsync(cancellationToken);
        int? guestId = guest?.Id;
        gate.Release();
        if (link.ProcessId is { } processId && processId != guestId)
        {
            return $"process {processId} is not its guest";
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProofLimit);
        try
        {
            return await key.ProveAsync(link.Stream, BusSide.Host, limit.Token) ? null : "it does not hold the key";
        }
        catch (IOException e)
        {
            return $"it ended before it proved the key ({e.Message})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it did not prove the key within {ProofLimit.TotalSeconds:0} s";
        }
    }

    private static VirtualMachineException NoBusDevice(MachineStart start, Exception cause) => new(
        VirtualMachineError.ProviderFailed, $"The bus device of '{start.MachineName}' could not be made: {cause.Message}", cause);

    private IOException HasEnded() => new($"'{start.MachineName}' has ended.");
}
