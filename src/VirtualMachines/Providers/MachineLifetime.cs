using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// What the machines of all providers do in the same way from power-up to end. It carries out one command at a time and refuses commands
/// once the machine is to end; it knows whether the machine is paused; it ends the machine by force when a command hangs; and it completes
/// <see cref="Ended"/> exactly once. A provider's machine owns one and passes its calls on to it. Safe for many threads.
/// </summary>
/// <remarks>
/// The provider calls <see cref="Begin"/> once its machine has powered up, or <see cref="AbandonAsync"/> when it could not, and gives
/// <see cref="SetKill"/> the action by which what executes the guest is killed.
/// </remarks>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "The sources have no timer and no wait handle, so they hold nothing.")]
public sealed class MachineLifetime
{
    /// <summary>How long a machine that is turned off waits for the command that is under way, before it is killed.</summary>
    public static readonly TimeSpan TurnOffPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a machine that was killed may take to end, before it counts as ended whatever it does.</summary>
    public static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private readonly string machineName;
    private readonly TimeProvider timeProvider;
    private readonly Func<IEnumerable<Func<ValueTask>>> release;
    private readonly Action<Exception> releaseFailed;

    private readonly CommandQueue commands;

    /// <summary>Counts the processor faults that have not been reported yet.</summary>
    private readonly SemaphoreSlim processorFaults = new(0);

    /// <summary>Cancelled when the machine has stopped executing.</summary>
    private readonly CancellationTokenSource ending = new();

    private readonly TaskCompletionSource<MachineEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly PendingReset reset = new();

    /// <summary>Guards the fields below.</summary>
    private readonly Lock sync = new();

    private MachineEnd? wantedEnd;
    private Action? kill;
    private bool isKilled;
    private volatile bool isPaused;

    /// <summary>Makes the lifetime of a machine that powers up.</summary>
    /// <param name="machineName">The machine, for texts.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="release">
    /// The steps that release what the machine had, in order; see <see cref="CleanUp"/>. Asked for once, when the machine has stopped
    /// executing.
    /// </param>
    /// <param name="releaseFailed">Receives each failure of a step, of a power-off and of a kill, for the log.</param>
    public MachineLifetime(
        string machineName, TimeProvider timeProvider, Func<IEnumerable<Func<ValueTask>>> release, Action<Exception> releaseFailed)
    {
        this.machineName = machineName;
        this.timeProvider = timeProvider;
        this.release = release;
        this.releaseFailed = releaseFailed;
        commands = new CommandQueue(timeProvider);
        Ending = ending.Token;
    }

    /// <summary>Completes, and never faults, when the machine has ended and what it had has been released.</summary>
    public Task<MachineEnd> Ended => ended.Task;

    /// <summary>Cancelled when the machine has stopped executing: nobody needs to wait for its guest.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Whether the guest's processor is stopped. Changes only while a command is carried out.</summary>
    public bool IsPaused => isPaused;

    /// <summary>The end that the host wants; null as long as it wants none.</summary>
    public MachineEnd? WantedEnd
    {
        get
        {
            lock (sync)
            {
                return wantedEnd;
            }
        }
    }

    /// <summary>Whether somebody waits for a reset.</summary>
    public bool IsResetWanted => reset.IsWanted;

    /// <summary>Says how what executes the guest now is killed. When the machine was killed before, that happens at once.</summary>
    /// <param name="newKill">
    /// Kills it. Must not wait, and must not throw when it has ended already; a failure is reported, and the machine ends all the same.
    /// </param>
    public void SetKill(Action newKill)
    {
        lock (sync)
        {
            kill = newKill;
            if (!isKilled)
            {
                return;
            }
        }

        RunKill(newKill);
    }

    /// <summary>Begins to wait for the end of a machine that has powered up.</summary>
    /// <param name="execute">
    /// Returns when the machine has stopped executing, with what that means if the host wanted no end. What it throws is the machine's end,
    /// too.
    /// </param>
    public void Begin(Func<Task<MachineEnd>> execute) => _ = WatchAsync(execute);

    /// <summary>Releases what a machine had that could not power up. Never throws.</summary>
    public Task AbandonAsync() => ReleaseAsync(null);

    /// <summary>Carries out a command when those before it have ended.</summary>
    /// <param name="command">The command. Its token is cancelled by the caller's, and when the machine is killed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>: the machine ends or has ended.
    /// </exception>
    public async Task ExecuteAsync(Func<CancellationToken, Task> command, CancellationToken cancellationToken)
    {
        try
        {
            await commands.RunAsync(
                token => WantedEnd is not null || Ending.IsCancellationRequested ? throw HasEnded() : command(token), cancellationToken);
        }
        catch (OperationCanceledException) when (commands.Stopped.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw HasEnded();
        }
    }

    /// <summary>Pauses the machine, unless it is paused.</summary>
    /// <param name="stop">Stops the guest's processor.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VirtualMachineException">The machine ends or has ended.</exception>
    public Task PauseAsync(Func<CancellationToken, Task> stop, CancellationToken cancellationToken) => ExecuteAsync(
        async token =>
        {
            if (!isPaused)
            {
                await stop(token);
                isPaused = true;
            }
        },
        cancellationToken);

    /// <summary>Resumes the machine, if it is paused.</summary>
    /// <param name="resume">Lets the guest's processor continue.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VirtualMachineException">The machine ends or has ended.</exception>
    public Task ResumeAsync(Func<CancellationToken, Task> resume, CancellationToken cancellationToken) => ExecuteAsync(
        async token =>
        {
            if (isPaused)
            {
                await resume(token);
                isPaused = false;
            }
        },
        cancellationToken);

    /// <summary>The guest has booted again or was let go on, so it is not paused. To be called by a command, or between two.</summary>
    public void MarkRunning() => isPaused = false;

    /// <summary>A reset is wanted.</summary>
    /// <returns>
    /// Completes at <see cref="CompleteReset"/>; fails with <see cref="VirtualMachineError.ProviderFailed"/> when the machine ends first.
    /// </returns>
    public Task ExpectResetAsync() => reset.ExpectAsync();

    /// <summary>The machine has been reset.</summary>
    public void CompleteReset() => reset.Complete();

    /// <summary>Saves the machine and ends it. When that fails, the machine is as it was and there is no file.</summary>
    /// <param name="path">The full path of the file that is written.</param>
    /// <param name="progress">Receives 0 and 100; what is between is the provider's.</param>
    /// <param name="steps">The provider's part.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VirtualMachineException">The machine ends or has ended, or a step failed.</exception>
    public async Task SaveAsync(string path, IProgress<int> progress, SaveSteps steps, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(steps);
        progress.Report(0);
        bool isPoweredOff = false;
        await ExecuteAsync(async token => isPoweredOff = await SaveInTurnAsync(path, steps, token), cancellationToken);
        if (!isPoweredOff)
        {
            // After the command and not in it: a command that ends after the machine was killed counts as given up.
            Kill();
        }

        await Ended.WaitAsync(CancellationToken.None);
        progress.Report(100);
    }

    /// <summary>
    /// Turns the machine off, and returns when it has ended. A command that is under way gets <see cref="TurnOffPatience"/> to end; after
    /// that the machine is killed.
    /// </summary>
    /// <param name="powerOff">Ends what executes the guest. When it fails, that is reported, and the machine is killed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task TurnOffAsync(Func<Task> powerOff, CancellationToken cancellationToken)
    {
        if (!ended.Task.IsCompleted)
        {
            await PowerOffAsync(powerOff, cancellationToken);
        }

        await Ended.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Kills the machine, whatever command is under way: that command is cancelled. <see cref="Ended"/> completes within
    /// <see cref="KillLimit"/> and the time that the release takes.
    /// </summary>
    internal void Kill()
    {
        Action? action;
        lock (sync)
        {
            wantedEnd ??= TurnedOff;
            isKilled = true;
            action = kill;
        }

        try
        {
            RunKill(action);
        }
        finally
        {
            commands.Stop();
        }
    }

    /// <summary>
    /// Decides, between two commands, what it means that the guest has stopped. A machine that was killed does not wait for its turn.
    /// </summary>
    /// <param name="decide">Returns the machine's end, or null when the guest has booted again.</param>
    public async Task<MachineEnd?> DecideAsync(Func<Task<MachineEnd?>> decide)
    {
        if (!await commands.TryTakeAsync(CancellationToken.None))
        {
            return WantedEnd;
        }

        try
        {
            return await decide();
        }
        finally
        {
            commands.Release();
        }
    }

    /// <summary>Waits for the guest's connection, until the machine has stopped executing.</summary>
    /// <param name="connect">Waits for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The machine has ended.</exception>
    public async Task<Stream> ConnectAsync(Func<CancellationToken, Task<Stream>> connect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ending);
        try
        {
            waiting.Token.ThrowIfCancellationRequested();
            return await connect(waiting.Token);
        }
        catch (Exception e) when (IsEnd(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(HasEnded().Message, e);
        }
    }

    /// <summary>The guest's processor has met a fatal error. Each is reported once.</summary>
    public void ReportProcessorFault() => processorFaults.Release();

    /// <summary>Waits for the next fault that was not waited for yet.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForProcessorFaultAsync(CancellationToken cancellationToken) => processorFaults.WaitAsync(cancellationToken);

    /// <summary>The refusal of a command, because the machine ends or has ended.</summary>
    public VirtualMachineException HasEnded() => new(VirtualMachineError.MachineNotRunning, $"'{machineName}' has ended.");

    private static MachineEnd TurnedOff { get; } = new(MachineEndReason.TurnedOff, "the host turned it off");

    private static bool IsEnd(Exception exception) =>
        exception is OperationCanceledException or VirtualMachineException { Error: VirtualMachineError.MachineNotRunning };

    private bool TryWantEnd(MachineEnd end)
    {
        lock (sync)
        {
            wantedEnd ??= end;
            return ReferenceEquals(wantedEnd, end);
        }
    }

    /// <summary>Returns when the machine has ended, or was killed because it has not.</summary>
    private async Task PowerOffAsync(Func<Task> powerOff, CancellationToken cancellationToken)
    {
        if (!await commands.TryTakeAsync(TurnOffPatience, cancellationToken))
        {
            Kill();
            return;
        }

        bool isPoweredOff;
        try
        {
            TryWantEnd(TurnedOff);
            isPoweredOff = await TryPowerOffAsync(powerOff);
        }
        finally
        {
            commands.Release();
        }

        if (!isPoweredOff)
        {
            Kill();
            return;
        }

        try
        {
            await Ended.WaitAsync(KillLimit, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            Kill();
        }
    }

    /// <summary>Writes the state and powers the machine off.</summary>
    /// <returns>Whether the power-off has succeeded; the machine is to be killed when it has not.</returns>
    private async Task<bool> SaveInTurnAsync(string path, SaveSteps steps, CancellationToken cancellationToken)
    {
        await steps.WriteStateAsync(isPaused, () => WantedEnd is not null, cancellationToken);
        if (!TryWantEnd(new MachineEnd(MachineEndReason.Saved, $"saved to {path}")))
        {
            SaveSteps.Delete(path);
            throw HasEnded();
        }

        return await TryPowerOffAsync(steps.PowerOff);
    }

    private async Task<bool> TryPowerOffAsync(Func<Task> powerOff)
    {
        try
        {
            await powerOff();
            return true;
        }
#pragma warning disable CA1031 // The machine is to end whatever the power-off met: the caller kills it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            CleanUp.Report(releaseFailed, e);
            return false;
        }
    }

    private void RunKill(Action? action)
    {
        try
        {
            action?.Invoke();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            CleanUp.Report(releaseFailed, e);
        }
    }

    private async Task WatchAsync(Func<Task<MachineEnd>> execute)
    {
        MachineEnd end;
        Exception? failure = null;
        try
        {
            MachineEnd happened = await UntilKilledAsync(execute());
            end = WantedEnd ?? happened;
        }
#pragma warning disable CA1031 // A machine that its provider cannot wait for has ended, and whoever waits for its end learns of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            end = WantedEnd ?? new MachineEnd(MachineEndReason.Died, $"its provider failed: {e.Message}");
        }

        await ReleaseAsync(failure);
        ended.SetResult(end);
        commands.Abandon();
    }

    private async Task<MachineEnd> UntilKilledAsync(Task<MachineEnd> executing)
    {
        try
        {
            return await executing.WaitAsync(commands.Stopped);
        }
        catch (OperationCanceledException) when (commands.Stopped.IsCancellationRequested)
        {
            return await executing.WaitAsync(KillLimit, timeProvider);
        }
    }

    private async Task ReleaseAsync(Exception? failure)
    {
        await CleanUp.RunAsync(
            releaseFailed,
            timeProvider,
            [
                () => failure is null ? ValueTask.CompletedTask : ValueTask.FromException(failure),
                () => new ValueTask(ending.CancelAsync()),
                .. release(),
            ]);
        reset.Fail(new VirtualMachineException(VirtualMachineError.ProviderFailed, $"'{machineName}' ended while it was reset."));
    }
}
