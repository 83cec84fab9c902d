using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.CommandLine.Machines;

/// <summary>All about one machine.</summary>
internal sealed record MachineDetails
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The state.</summary>
    public required MachineState State { get; init; }

    /// <summary>Why the machine is paused; null when it is not, or when its host does not know.</summary>
    public PauseReason? PauseReason { get; init; }

    /// <summary>Whether the guest service is up and channels can start.</summary>
    public required bool Ready { get; init; }

    /// <summary>Memory in megabytes.</summary>
    public required int MemoryMegabytes { get; init; }

    /// <summary>The full path of its .vmc file.</summary>
    public required string File { get; init; }

    /// <summary>The text that names the ready event.</summary>
    public required string ChassisAssetTag { get; init; }

    /// <summary>Heartbeats of the last minute in percent, or null when the guest is not up.</summary>
    public int? HeartbeatPercent { get; init; }

    /// <summary>The guest's own name, or null when the guest is not up.</summary>
    public string? ComputerName { get; init; }

    /// <summary>The guest's operating system and its version, or null when the guest is not up.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>The version of the guest service, or null when the guest is not up.</summary>
    public string? IntegrationComponentsVersion { get; init; }

    /// <summary>By how many milliseconds the guest's clock was ahead of the host's when they were compared last.</summary>
    public long? ClockOffsetMilliseconds { get; init; }
}
