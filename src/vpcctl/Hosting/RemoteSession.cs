using StreamJsonRpc;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>The machines of another process.</summary>
/// <param name="connection">The connection. It ends with the session.</param>
/// <param name="machines">The machines.</param>
/// <param name="host">The other process.</param>
internal sealed class RemoteSession(JsonRpc connection, IMachines machines, HostDescription host) : IMachinesSession
{
    /// <inheritdoc/>
    public IMachines Machines => machines;

    /// <inheritdoc/>
    public HostDescription Host => host;

    /// <inheritdoc/>
    public bool IsHostedHere => false;

    /// <inheritdoc/>
    public Task WaitUntilNobodyDependsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
