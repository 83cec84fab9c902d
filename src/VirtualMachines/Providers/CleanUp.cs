namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// Releases what a machine had, part by part. A machine that has ended has ended, whatever became of its parts, and whoever waits for its
/// end learns of it.
/// </summary>
public static class CleanUp
{
    /// <summary>
    /// How long one step may take, before the next one is taken. A step that takes longer goes on, and nobody waits for it any more.
    /// </summary>
    public static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(20);

    /// <summary>Takes all steps in order, each whatever became of those before it. Never throws.</summary>
    /// <param name="failed">
    /// Receives each failure. What it throws itself is dropped: a log that takes no entry does not keep a machine from ending, either.
    /// </param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="steps">The steps.</param>
    public static async Task RunAsync(Action<Exception> failed, TimeProvider timeProvider, params IEnumerable<Func<ValueTask>> steps)
    {
        ArgumentNullException.ThrowIfNull(failed);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(steps);
        foreach (Func<ValueTask> step in steps)
        {
            try
            {
                await step().AsTask().WaitAsync(StepLimit, timeProvider);
            }
#pragma warning disable CA1031 // Whatever it is, the other parts are released.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Report(failed, e);
            }
        }
    }

    /// <summary>Reports a failure. Never throws.</summary>
    /// <param name="failed">Receives it; what it throws itself is dropped.</param>
    /// <param name="failure">The failure.</param>
    internal static void Report(Action<Exception> failed, Exception failure)
    {
        try
        {
            failed(failure);
        }
#pragma warning disable CA1031 // A log that takes no entry does not keep a machine from ending.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody else to report it to.
        }
    }
}
