namespace VpcComApi.VirtualMachines;

/// <summary>What can happen in or to a guest. The members follow the contract's events of a machine.</summary>
public enum MachineOccurrence
{
    /// <summary>The machine's session is about to end.</summary>
    ShutdownRequested = 2,

    /// <summary>The machine was reset.</summary>
    Reset = 3,

    /// <summary>The guest's processor met a fatal error, and the machine reset itself; <see cref="Reset"/> follows.</summary>
    TripleFault = 4,

    /// <summary>The guest's heartbeat has stopped.</summary>
    HeartbeatStopped = 5,

    /// <summary>The enhanced video mode, which the integration components make possible, has become available, or is no longer.</summary>
    EnhancedVideoModeChanged = 7,

    /// <summary>The integration components were removed.</summary>
    IntegrationComponentsUninstalled = 8,

    /// <summary>The integration components are there.</summary>
    IntegrationComponentsAvailable = 9,

    /// <summary>The guest is shutting down.</summary>
    GuestShutdown = 10,

    /// <summary>A user was logged off in the guest.</summary>
    GuestLogoff = 11,

    /// <summary>A disk of the host has little room left, or so little that the machine is paused.</summary>
    DiskOutOfSpace = 12,
}
