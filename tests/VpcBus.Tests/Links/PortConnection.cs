namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>One connection to one end of a <see cref="LossyPort"/>, until it is broken.</summary>
internal sealed class PortConnection
{
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsBroken => _broken.Task.IsCompleted;

    public Task Broken => _broken.Task;

    public void Break() => _broken.TrySetResult();
}
