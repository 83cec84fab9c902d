namespace VpcComApi.CommandLine.Machines;

/// <summary>A source that is made when it is first needed.</summary>
/// <param name="source">Makes it.</param>
internal sealed class DeferredMachinesSource(Lazy<IMachinesSource> source) : IMachinesSource
{
    /// <inheritdoc/>
    public Task<IMachinesSession> ConnectAsync(CancellationToken cancellationToken) => source.Value.ConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IMachinesSession> HostOrConnectAsync(CancellationToken cancellationToken) =>
        source.Value.HostOrConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HostUntilIdleAsync(Action ready, CancellationToken cancellationToken) =>
        source.Value.HostUntilIdleAsync(ready, cancellationToken);
}
