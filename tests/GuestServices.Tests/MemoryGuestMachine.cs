using System.Collections.Concurrent;
using VpcComApi.GuestServices.Machines;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Tests;

/// <summary>A machine that records requests.</summary>
internal sealed class MemoryGuestMachine : IGuestMachine, IParameterStore
{
    private readonly ConcurrentDictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly TaskCompletionSource<(bool Forced, bool Restart)> shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Capabilities { get; } = [IntegrationCapabilities.Shutdown, IntegrationCapabilities.Logoff];

    public IParameterStore Parameters => this;

    public ILogonSessions Sessions { get; } = new NoLogonSessions();

    public bool IsLocked { get; set; }

    public Task<(bool Forced, bool Restart)> ShutdownAsked => shutdown.Task;

    public void CheckShutdown(bool forced)
    {
        if (IsLocked && !forced)
        {
            throw new RequestRefusedException(IntegrationErrors.MachineLocked, "locked");
        }
    }

    public Task ShutdownAsync(bool forced, bool restart, CancellationToken cancellationToken)
    {
        shutdown.TrySetResult((forced, restart));
        return Task.CompletedTask;
    }

    public string? Get(string name) => parameters.GetValueOrDefault(name);

    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        parameters[name] = value;
        return Task.CompletedTask;
    }
}
