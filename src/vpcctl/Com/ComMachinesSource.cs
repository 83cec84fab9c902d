using System.Runtime.Versioning;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Com;

/// <summary>The machines of vpc.exe, which COM starts when it is needed and which ends by itself.</summary>
[SupportedOSPlatform("windows")]
internal sealed class ComMachinesSource : IMachinesSource
{
    /// <inheritdoc/>
    public async Task<IMachinesSession> ConnectAsync(CancellationToken cancellationToken)
    {
        ComMachines machines = await Task.Run(() => new ComMachines(), cancellationToken).WaitAsync(cancellationToken);
        try
        {
            return new ComSession(machines, await machines.GetHostAsync(cancellationToken));
        }
        catch
        {
            machines.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IMachinesSession> HostOrConnectAsync(CancellationToken cancellationToken) => ConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> HostUntilIdleAsync(Action ready, CancellationToken cancellationToken) => throw new CommandException(
        ExitCode.Failed, "On Windows the machines are hosted by vpc.exe, which COM starts by itself.");

    private sealed class ComSession(ComMachines machines, HostDescription host) : IMachinesSession
    {
        public IMachines Machines => machines;

        public HostDescription Host => host;

        public bool IsHostedHere => false;

        public Task WaitUntilNobodyDependsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            machines.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
