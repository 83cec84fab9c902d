using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>The operating system in a machine, as its guest service reports it. A guest is untrusted: every text is bounded.</summary>
public sealed class GuestOperatingSystem
{
    internal GuestOperatingSystem(IGuestOwner owner) => _ = owner;

    /// <summary>Ticks received in the last minute, in percent of those expected.</summary>
    public int HeartbeatPercentage => throw new NotImplementedException();

    /// <summary>Whether ticks arrive.</summary>
    public bool IsHeartbeating => throw new NotImplementedException();

    /// <summary>Whether the guest can be shut down now, or null when the machine is off.</summary>
    public bool? CanShutdown => throw new NotImplementedException();

    /// <summary>The version of the integration components that were last seen in the guest.</summary>
    public string IntegrationComponentsVersion => throw new NotImplementedException();

    /// <summary>What the running guest says of itself.</summary>
    public GuestFacts Facts => throw new NotImplementedException();

    /// <summary>Whether the guest's clock follows the host's. Set only while the machine is off.</summary>
    public bool IsHostTimeSyncEnabled { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>Shuts the guest down through its guest service.</summary>
    /// <param name="forced">Whether programs may be ended and a locked screen is no hindrance.</param>
    public MachineTask Shutdown(bool forced) => throw new NotImplementedException();

    /// <summary>Restarts the guest through its guest service.</summary>
    /// <param name="forced">Whether programs may be ended and a locked screen is no hindrance.</param>
    public MachineTask Restart(bool forced) => throw new NotImplementedException();

    /// <summary>Logs every user off.</summary>
    public MachineTask Logoff() => throw new NotImplementedException();

    /// <summary>Reads a parameter that the guest keeps.</summary>
    public Task<string> GetParameterAsync(string? name, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Writes a parameter that the guest keeps.</summary>
    public Task SetParameterAsync(string? name, string? value, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Whether a user is logged on: 0 in a seamless-application session, 1 in a remote desktop session.</summary>
    public Task<bool> IsUserLoggedOnAsync(int session, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The guest's integration devices: each bus channel of a communication channel is one.</summary>
    public Task<IReadOnlyList<IntegrationDevice>> GetIntegrationDevicesAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
