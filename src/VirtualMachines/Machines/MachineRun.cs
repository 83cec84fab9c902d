using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Usage;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>One run of a machine, from power-up to power-off, and all that it holds.</summary>
internal sealed class MachineRun : IAsyncDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource lost = new();
    private readonly TaskCompletionSource<MachineState> finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable disks;
    private readonly IDisposable runLock;
    private readonly string machineName;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;

    /// <summary>Takes over what a start has made.</summary>
    /// <param name="machine">The provider's machine.</param>
    /// <param name="memoryMegabytes">The memory that it was given.</param>
    /// <param name="session">The session with its guest.</param>
    /// <param name="disks">The right to use the machine's disks.</param>
    /// <param name="runLock">What keeps other processes from running the same machine.</param>
    /// <param name="machineName">For messages.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where failures go.</param>
    public MachineRun(
        IRunningMachine machine,
        int memoryMegabytes,
        GuestSession session,
        IDisposable disks,
        IDisposable runLock,
        string machineName,
        TimeProvider timeProvider,
        ILogger logger)
    {
        Machine = machine;
        MemoryMegabytes = memoryMegabytes;
        Session = session;
        this.disks = disks;
        SerialLines = new SerialLines(machine, machineName, timeProvider, logger);
        this.runLock = runLock;
        this.machineName = machineName;
        this.timeProvider = timeProvider;
        this.logger = logger;
        Usage = new UsageRecorder(
            machine.Can(MachineCapabilities.Usage) ? machine.UsageMeter : null, () => session.CarriedByChannels, timeProvider);
        Ended = WatchAsync();
    }

    /// <summary>The provider's machine.</summary>
    public IRunningMachine Machine { get; }

    /// <summary>The memory that it was given, in megabytes.</summary>
    public int MemoryMegabytes { get; }

    /// <summary>The session with its guest.</summary>
    public GuestSession Session { get; }

    /// <summary>What the machine has used of the host.</summary>
    public UsageRecorder Usage { get; }

    /// <summary>The cables of its serial ports.</summary>
    public SerialLines SerialLines { get; }

    /// <summary>Completes when the machine has stopped executing.</summary>
    public Task<MachineEnd> Ended { get; }

    /// <summary>Completes when the machine shows the state that lasts after this run, with that state.</summary>
    public Task<MachineState> Finished => finished.Task;

    /// <summary>Cancelled when the machine has stopped executing: nobody needs to wait for it any more.</summary>
    public CancellationToken EndedToken => ended.Token;

    /// <summary>
    /// Cancelled when the machine has stopped executing by itself. A machine that ends by being saved or turned off is what somebody waits
    /// for; after another end there is nothing to wait for.
    /// </summary>
    public CancellationToken LostToken => lost.Token;

    /// <summary>The machine shows what lasts after this run.</summary>
    /// <param name="lasting">The state.</param>
    public void Finish(MachineState lasting) => finished.TrySetResult(lasting);

    /// <summary>
    /// Ends the session, pulls the plug if that has not happened, and lets go of everything. Never throws; what fails is logged.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Usage.Stop();
        await ReleaseAsync(Session, LifecycleLimits.EndSession);
        await ReleaseAsync(SerialLines, LifecycleLimits.EndSession);
        await ReleaseAsync(Machine, LifecycleLimits.Release);
        disks.Dispose();
        runLock.Dispose();
    }

    private async Task ReleaseAsync(IAsyncDisposable part, TimeSpan limit)
    {
        try
        {
            await part.DisposeAsync().AsTask().WaitAsync(limit, timeProvider);
        }
#pragma warning disable CA1031 // The machine is off in any case; the fault is logged and the rest is released.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ReleaseFailed(logger, e, machineName, e.Message);
        }
    }

    private async Task<MachineEnd> WatchAsync()
    {
        MachineEnd end;
        try
        {
            end = await Machine.Ended;
        }
#pragma warning disable CA1031 // By the port's contract it never faults; a provider that breaks it has lost its machine.
        catch (Exception e)
#pragma warning restore CA1031
        {
            end = new MachineEnd(MachineEndReason.Died, e.Message);
        }

        await CancelAsync(ended);
        if (end.Reason is MachineEndReason.Died or MachineEndReason.GuestPoweredOff)
        {
            await CancelAsync(lost);
        }

        return end;
    }

    /// <summary>Wakes whoever waits for the machine. What their callbacks throw must not keep its end from being noticed.</summary>
    private async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync();
        }
        catch (AggregateException e)
        {
            MachineLog.ReleaseFailed(logger, e, machineName, e.Message);
        }
    }
}
