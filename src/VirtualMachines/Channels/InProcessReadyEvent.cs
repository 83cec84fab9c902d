namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The ready event where the system has no named events.</summary>
internal sealed class InProcessReadyEvent : IReadyEvent
{
    private volatile bool isSet;

    /// <inheritdoc/>
    public bool IsSet => isSet;

    /// <inheritdoc/>
    public void Set() => isSet = true;

    /// <inheritdoc/>
    public void Reset() => isSet = false;

    /// <inheritdoc/>
    public void Dispose() => Reset();
}
