namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>One connection to one end of a <see cref="LossyPort"/>, until it is broken.</summary>
internal sealed class PortConnection
{
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsBroken => broken.Task.IsCompleted;

    public Task Broken => broken.Task;

    public void Break() => broken.TrySetResult();
}
