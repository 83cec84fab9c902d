using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ComServer.Tests.States;

/// <summary>
/// A provider in memory. While it holds, starts, saves and power-offs wait, so that a test can look at the states that pass.
/// </summary>
internal sealed class HeldProvider : IMachineProvider
{
    private TaskCompletionSource? held;

    /// <inheritdoc/>
    public string Name => "emulated";

    /// <summary>Lets every step wait from now on.</summary>
    public void Hold() => held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Continues all steps.</summary>
    public void Release()
    {
        held?.TrySetResult();
        held = null;
    }

    /// <summary>Completes when steps may continue.</summary>
    public Task PassAsync() => held?.Task ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async Task<IRunningMachine> StartAsync(MachineStart start, IProgress<int> progress, CancellationToken cancellationToken)
    {
        await PassAsync();
        return new HeldMachine(this);
    }
}
