using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>The machines of this process.</summary>
/// <param name="runtime">This process as a host. It ends with the session, and what runs with it.</param>
/// <param name="host">This process.</param>
internal sealed class OwnSession(HostRuntime runtime, HostDescription host) : IMachinesSession
{
    /// <inheritdoc/>
    public IMachines Machines => runtime.Machines;

    /// <inheritdoc/>
    public HostDescription Host => host;

    /// <inheritdoc/>
    public bool IsHostedHere => true;

    /// <inheritdoc/>
    public Task WaitUntilNobodyDependsAsync(CancellationToken cancellationToken) => runtime.WaitUntilNotBusyAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => runtime.DisposeAsync();
}
