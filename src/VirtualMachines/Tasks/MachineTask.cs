namespace VpcComApi.VirtualMachines.Tasks;

/// <summary>One asynchronous operation: progress, cancellation, result.</summary>
public sealed class MachineTask
{
    internal MachineTask() { }

    /// <summary>Unique in this process, from 1.</summary>
    public int Id => throw new NotImplementedException();

    /// <summary>What is being done, on what.</summary>
    public string Description => throw new NotImplementedException();

    /// <summary>0 to 100; 100 only when complete.</summary>
    public int PercentCompleted => throw new NotImplementedException();

    /// <summary>Whether the task has ended, in whatever way.</summary>
    public bool IsComplete => throw new NotImplementedException();

    /// <summary>Whether <see cref="Cancel"/> would be heard.</summary>
    public bool IsCancelable => throw new NotImplementedException();

    /// <summary>How the task ended; <see cref="MachineTaskResult.Success"/> while it runs.</summary>
    public MachineTaskResult Result => throw new NotImplementedException();

    /// <summary>Why the task failed, or null.</summary>
    public VirtualMachineException? Error => throw new NotImplementedException();

    /// <summary>Completes, and never faults, when the task has ended.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Asks the task to stop.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.NotPossibleNow"/>: it cannot be cancelled.</exception>
    public void Cancel() => throw new NotImplementedException();
}
