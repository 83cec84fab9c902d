namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// Gives back what a machine had, part by part. A machine that has ended has ended, whatever became of its parts, and whoever waits for it
/// is reported.
/// </summary>
public static class CleanUp
{
    /// <summary>Takes all steps in order, each whatever became of those before it. Never throws.</summary>
    /// <param name="failed">
    /// Called for each failure. What it throws itself is dropped: a log that takes no entry is one more thing that keeps no machine from
    /// ending.
    /// </param>
    /// <param name="steps">The steps.</param>
    public static async Task RunAsync(Action<Exception> failed, params IEnumerable<Func<ValueTask>> steps)
    {
        ArgumentNullException.ThrowIfNull(failed);
        ArgumentNullException.ThrowIfNull(steps);
        foreach (Func<ValueTask> step in steps)
        {
            try
            {
                await step();
            }
#pragma warning disable CA1031 // Whatever it is, the other parts are given back.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Report(failed, e);
            }
        }
    }

    private static void Report(Action<Exception> failed, Exception failure)
    {
        try
        {
            failed(failure);
        }
#pragma warning disable CA1031 // As the parameter says.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody else to report it to.
        }
    }
}
