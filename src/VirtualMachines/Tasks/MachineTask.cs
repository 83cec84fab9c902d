using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tasks;

/// <summary>One asynchronous operation: progress, cancellation, result.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A token source without a timer holds nothing.")]
public sealed class MachineTask
{
    private const int Complete = 100;

    private readonly Lock sync = new();
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource cancellation = new();
    private bool cancelable;
    private int percent;
    private MachineTaskResult result;
    private VirtualMachineException? error;

    internal MachineTask(int id, string description, bool cancelable)
    {
        Id = id;
        Description = description;
        this.cancelable = cancelable;
    }

    /// <summary>Unique in this process, from 1.</summary>
    public int Id { get; }

    /// <summary>What is being done, on what.</summary>
    public string Description { get; }

    /// <summary>0 to 100; never falls, and is 100 only when the task has succeeded.</summary>
    public int PercentCompleted
    {
        get
        {
            lock (sync)
            {
                return percent;
            }
        }
    }

    /// <summary>Whether the task has ended, in whatever way.</summary>
    public bool IsComplete => completion.Task.IsCompleted;

    /// <summary>Whether <see cref="Cancel"/> would be heard.</summary>
    public bool IsCancelable
    {
        get
        {
            lock (sync)
            {
                return cancelable;
            }
        }
    }

    /// <summary>How the task ended; <see cref="MachineTaskResult.Success"/> while it runs.</summary>
    public MachineTaskResult Result
    {
        get
        {
            lock (sync)
            {
                return result;
            }
        }
    }

    /// <summary>Why the task failed or was cancelled, or null.</summary>
    public VirtualMachineException? Error
    {
        get
        {
            lock (sync)
            {
                return error;
            }
        }
    }

    /// <summary>Completes, and never faults, when the task has ended.</summary>
    public Task Completion => completion.Task;

    /// <summary>When the task ended, as <see cref="TimeProvider.GetTimestamp"/>; null before.</summary>
    internal long? EndedAt { get; private set; }

    /// <summary>
    /// Asks the task to stop. It ends with <see cref="MachineTaskResult.Cancelled"/>, or with success if it was just done.
    /// </summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.NotPossibleNow"/>: it cannot be cancelled.</exception>
    public void Cancel()
    {
        if (!TryCancel())
        {
            throw new VirtualMachineException(
                VirtualMachineError.NotPossibleNow,
                $"The task {Id} ({Description}) cannot be cancelled: {(IsComplete ? "it has ended" : "it has gone too far")}.");
        }
    }

    /// <summary>Takes a new percentage; one below what was reached is ignored, and 100 waits for the task's end.</summary>
    internal void Report(int value)
    {
        lock (sync)
        {
            if (!IsComplete)
            {
                percent = Math.Max(percent, Math.Clamp(value, 0, Complete - 1));
            }
        }
    }

    /// <summary>Asks the task to stop, if it can.</summary>
    internal bool TryCancel()
    {
        lock (sync)
        {
            if (!cancelable)
            {
                return false;
            }
        }

        // Outside the lock: it runs what the provider has registered.
        cancellation.Cancel();
        return true;
    }

    /// <summary>The point of no return: from here on the task cannot be cancelled.</summary>
    /// <exception cref="OperationCanceledException">Somebody was faster.</exception>
    internal void EndCancellation()
    {
        lock (sync)
        {
            cancelable = false;
        }

        cancellation.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Does the work and ends the task with what comes of it.</summary>
    /// <param name="work">The work; its token is the task's cancellation.</param>
    /// <param name="timeProvider">The clock.</param>
    internal async Task RunAsync(Func<CancellationToken, Task> work, TimeProvider timeProvider)
    {
        MachineTaskResult outcome = MachineTaskResult.Success;
        VirtualMachineException? reason = null;
        try
        {
            await work(cancellation.Token);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            outcome = MachineTaskResult.Cancelled;
            reason = new VirtualMachineException(VirtualMachineError.NotPossibleNow, $"{Description} was cancelled.", e);
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to this task and to nobody else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            reason = e as VirtualMachineException ?? Foreign(e);
            outcome = ResultOf(reason.Error, e);
        }

        lock (sync)
        {
            cancelable = false;
            percent = outcome == MachineTaskResult.Success ? Complete : percent;
            result = outcome;
            error = reason;
            EndedAt = timeProvider.GetTimestamp();
        }

        completion.SetResult();
    }

    private VirtualMachineException Foreign(Exception e) => StorageErrors.IsStorageError(e)
        ? StorageErrors.Translate(e, $"{Description} failed")
        : new VirtualMachineException(VirtualMachineError.Unexpected, $"{Description} failed: {e.Message}", e);

    private static MachineTaskResult ResultOf(VirtualMachineError error, Exception exception) => error switch
    {
        _ when exception is OutOfMemoryException => MachineTaskResult.OutOfMemory,
        VirtualMachineError.TimedOut => MachineTaskResult.TimedOut,
        VirtualMachineError.ShutdownAborted => MachineTaskResult.ShutdownAborted,
        VirtualMachineError.SavedStateBadVersion or VirtualMachineError.SavedStateUnreadable => MachineTaskResult.IncompatibleSavedState,
        VirtualMachineError.DiskFull or VirtualMachineError.AccessDenied or VirtualMachineError.FileNotFound
            or VirtualMachineError.PathNotFound
            or VirtualMachineError.SharingViolation or VirtualMachineError.ParentInUse or VirtualMachineError.ParentPathNotFound
            or VirtualMachineError.ParentModified or VirtualMachineError.ParentMismatch or VirtualMachineError.FileReadOnly
            or VirtualMachineError.InvalidDiskFile or VirtualMachineError.AlreadyExists or VirtualMachineError.FileTooLargeForVolume =>
            MachineTaskResult.DiskRelatedError,
        VirtualMachineError.InvalidArgument => MachineTaskResult.IllegalValue,
        _ => MachineTaskResult.UnexpectedError,
    };
}
