using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// The host's side of one run of a machine: keeps a bus to the guest service for as long as the machine runs, knows whether channels can be
/// started, and owns them. Made when the machine has been powered up, disposed before <see cref="IRunningMachine"/> is.
/// </summary>
internal sealed class GuestSession : IAsyncDisposable
{
    private readonly GuestSessionOptions options;
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GuestSession(GuestSessionOptions options) => this.options = options;

    /// <summary>Begins to look for the guest service and goes on until the session is disposed.</summary>
    internal static GuestSession Start(IRunningMachine machine, GuestSessionOptions options) => new(options);

    /// <summary>The name of the pipe to the guest's desktop, as <c>\\.\pipe\...</c>; unique a run. Reading it creates nothing.</summary>
    internal string RdpPipeName { get; } = $@"\\.\pipe\vpc-rdp-{Guid.NewGuid():N}";

    /// <summary>Whether the guest service is up.</summary>
    internal bool IsReady => ready.Task.IsCompletedSuccessfully;

    /// <summary>The open communication channels and what they have carried.</summary>
    internal IReadOnlyList<CommunicationChannelStatus> Channels { get; } = [];

    /// <summary>Completes when the guest service is up; fails with <see cref="VirtualMachineError.MachineNotRunning"/> when the session ends first.</summary>
    internal Task WaitForReadyAsync(CancellationToken cancellationToken) => ready.Task.WaitAsync(cancellationToken);

    /// <summary>Opens a communication channel. The caller has checked the machine's state; readiness, name and limits are checked here, in this order.</summary>
    internal Task StartChannelAsync(ChannelEndpoints endpoints, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The guest's processor has been stopped: silence is no failure of the guest from now on.</summary>
    internal void Pause() { }

    /// <summary>The guest goes on.</summary>
    internal void Resume() { }

    /// <summary>The machine is being reset, saved or turned off: ends all channels with that reason and forgets the guest until its service comes up anew.</summary>
    /// <param name="reason">Why, for the event log: "the machine was reset".</param>
    internal Task DropGuestAsync(string reason) => Task.CompletedTask;

    /// <summary>Ends all channels, resets the ready event and leaves nothing behind.</summary>
    public ValueTask DisposeAsync()
    {
        ready.TrySetException(new VirtualMachineException(
            VirtualMachineError.MachineNotRunning, $"The machine '{options.MachineName}' stopped before its guest service was up."));
        options.ReadyEvent.Dispose();
        return ValueTask.CompletedTask;
    }
}
