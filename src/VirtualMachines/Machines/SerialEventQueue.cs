using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// Calls event handlers one after another, in order, on the thread pool: never on the thread of whoever caused the event, and under none of
/// its locks. Holds no thread while there is nothing to do.
/// </summary>
/// <param name="owner">Whose events, for messages.</param>
/// <param name="logger">Where a handler's exceptions go.</param>
internal sealed class SerialEventQueue(string owner, ILogger logger)
{
    /// <summary>The most events that wait. Handlers are quick by contract; when they hang, the oldest events are dropped.</summary>
    public const int MaximumWaiting = 10_000;

    private readonly Lock sync = new();
    private readonly Queue<Action> waiting = new();
    private bool working;

    /// <summary>Queues one event.</summary>
    /// <param name="raise">Calls the handlers.</param>
    public void Post(Action raise)
    {
        bool dropped = false;
        lock (sync)
        {
            if (waiting.Count == MaximumWaiting)
            {
                waiting.Dequeue();
                dropped = true;
            }

            waiting.Enqueue(raise);
            if (!working)
            {
                working = true;
                ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Work(), this, preferLocal: false);
            }
        }

        if (dropped)
        {
            MachineLog.EventsDropped(logger, owner, MaximumWaiting);
        }
    }

    /// <summary>Completes when all that was queued before has been delivered.</summary>
    public Task DrainAsync()
    {
        TaskCompletionSource delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(delivered.SetResult);
        return delivered.Task;
    }

    private void Work()
    {
        while (true)
        {
            Action raise;
            lock (sync)
            {
                if (!waiting.TryDequeue(out raise!))
                {
                    working = false;
                    return;
                }
            }

            try
            {
                raise();
            }
#pragma warning disable CA1031 // A handler's fault must not cost others their events.
            catch (Exception e)
#pragma warning restore CA1031
            {
                MachineLog.HandlerFailed(logger, e, owner);
            }
        }
    }
}
