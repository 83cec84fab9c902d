using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// The host's side of one run of a machine: keeps a bus to the guest service for as long as the machine runs, knows whether channels can be
/// started, and owns them. Made when the machine has been powered up, disposed before <see cref="IRunningMachine"/> is.
/// </summary>
internal sealed class GuestSession : IAsyncDisposable
{
    private GuestSession() { }

    /// <summary>Begins to look for the guest service and goes on until the session is disposed.</summary>
    internal static GuestSession Start(IRunningMachine machine, GuestSessionOptions options) => throw new NotImplementedException();

    /// <summary>The name of the pipe to the guest's desktop, as <c>\\.\pipe\...</c>; unique a run. Reading it creates nothing.</summary>
    internal string RdpPipeName => throw new NotImplementedException();

    /// <summary>Whether the guest service is up.</summary>
    internal bool IsReady => throw new NotImplementedException();

    /// <summary>The open communication channels and what they have carried.</summary>
    internal IReadOnlyList<CommunicationChannelStatus> Channels => throw new NotImplementedException();

    /// <summary>Completes when the guest service is up; fails with <see cref="VirtualMachineError.MachineNotRunning"/> when the session ends first.</summary>
    internal Task WaitForReadyAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Opens a communication channel. The caller has checked the machine's state; readiness, name and limits are checked here, in this order.</summary>
    internal Task StartChannelAsync(ChannelEndpoints endpoints, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The guest's processor has been stopped: silence is no failure of the guest from now on.</summary>
    internal void Pause() => throw new NotImplementedException();

    /// <summary>The guest goes on.</summary>
    internal void Resume() => throw new NotImplementedException();

    /// <summary>The machine is being reset, saved or turned off: ends all channels with that reason and forgets the guest until its service comes up anew.</summary>
    /// <param name="reason">Why, for the event log: "the machine was reset".</param>
    internal Task DropGuestAsync(string reason) => throw new NotImplementedException();

    /// <summary>Ends all channels, resets the ready event and leaves nothing behind.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
