namespace VpcComApi.VpcBus.Tests;

/// <summary>Checks that belong to a bus.</summary>
internal static class BusAssert
{
    /// <summary>The task fails in time, with a <see cref="BusException"/> of one of these errors.</summary>
    public static async Task<BusException> FailsAsync(Task task, params BusError[] errors)
    {
        try
        {
            await task.WaitAsync(BusPair.StepLimit);
        }
        catch (BusException failure)
        {
            Assert.That(errors, Does.Contain(failure.Error), failure.Message);
            return failure;
        }

        Assert.Fail($"It was to fail with {string.Join(" or ", errors)}, and succeeded.");
        throw new InvalidOperationException();
    }

    /// <summary>Waits until something that another thread does has happened.</summary>
    public static async Task UntilAsync(Func<bool> happened)
    {
        using CancellationTokenSource limit = new(BusPair.StepLimit);
        while (!happened())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
