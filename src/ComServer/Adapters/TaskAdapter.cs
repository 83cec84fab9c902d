using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMTask: one asynchronous operation.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="task">The operation.</param>
[GeneratedComClass]
internal sealed partial class TaskAdapter(Application application, MachineTask task) : VMTaskBase(application.Dispatcher), IDescribedObject
{
    /// <summary>The longest wait that can be asked for, in milliseconds; <see cref="Timeout.Infinite"/> waits for ever.</summary>
    public const int LongestWait = 4_000_000;

    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.TaskClass;

    /// <summary>
    /// Waits until the task is complete. When the time runs out the answer is S_OK all the same, since the contract lists no code for it:
    /// the caller reads IsComplete.
    /// </summary>
    /// <param name="timeout">Milliseconds, 0 to <see cref="LongestWait"/>, or -1.</param>
    public override void WaitForCompletion(int timeout)
    {
        if (timeout is < Timeout.Infinite or > LongestWait)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"WaitForCompletion({timeout}): the time-out must be -1 (for ever) or 0 to {LongestWait} milliseconds.");
        }

        _ = task.Completion.Wait(timeout, application.Stopping);
    }

    /// <inheritdoc/>
    public override void Cancel() => task.Cancel();

    /// <inheritdoc/>
    public override int get_PercentCompleted() => task.PercentCompleted;

    /// <inheritdoc/>
    public override string get_Description() => task.Description;

    /// <inheritdoc/>
    public override VMTaskResult get_Result() => (VMTaskResult)task.Result;

    /// <inheritdoc/>
    public override bool get_IsCancelable() => task.IsCancelable;

    /// <inheritdoc/>
    public override int get_ID() => task.Id;

    /// <inheritdoc/>
    public override bool get_IsComplete() => task.IsComplete;

    /// <inheritdoc/>
    public override int get_Error() => task.Error is VirtualMachineException error ? ErrorTable.HResultOf(error.Error) : HResults.S_OK;

    /// <inheritdoc/>
    public override string get_ErrorDescription() => task.Error is { } error ? ErrorTexts.Of(error) : string.Empty;
}
