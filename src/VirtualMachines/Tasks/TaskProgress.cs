namespace VpcComApi.VirtualMachines.Tasks;

/// <summary>Maps the 0 to 100 of one step to its share of a task.</summary>
/// <param name="task">The task.</param>
/// <param name="from">The task's percentage when the step begins.</param>
/// <param name="to">The task's percentage when the step has ended.</param>
internal sealed class TaskProgress(MachineTask task, int from, int to) : IProgress<int>
{
    /// <inheritdoc/>
    public void Report(int value) => task.Report(from + ((to - from) * Math.Clamp(value, 0, 100) / 100));
}
