using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Tests.Fakes;

/// <summary>Machines that need no connection.</summary>
internal sealed class FakeMachinesSource(FakeMachines machines, bool isHostedHere = false) : IMachinesSource
{
    /// <summary>Why nobody can connect, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Completes when a command waits for the machines of others.</summary>
    public TaskCompletionSource StaysForOthers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IMachinesSession> ConnectAsync(CancellationToken cancellationToken) => Failure is null
        ? Task.FromResult<IMachinesSession>(new Session(this, machines, isHostedHere))
        : throw Failure;

    public Task<IMachinesSession> HostOrConnectAsync(CancellationToken cancellationToken) => ConnectAsync(cancellationToken);

    public Task<bool> HostUntilIdleAsync(Action ready, CancellationToken cancellationToken)
    {
        ready();
        return Task.FromResult(true);
    }

    private sealed class Session(FakeMachinesSource source, FakeMachines machines, bool isHostedHere) : IMachinesSession
    {
        public IMachines Machines => machines;

        public HostDescription Host => machines.Description;

        public bool IsHostedHere => isHostedHere;

        public Task WaitUntilNobodyDependsAsync(CancellationToken cancellationToken)
        {
            source.StaysForOthers.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
