using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>All that a provider needs to start one machine: a copy, which later changes do not touch.</summary>
public sealed record MachineStart
{
    /// <summary>The machine's name, for texts and for the guest's own name.</summary>
    public required string MachineName { get; init; }

    /// <summary>
    /// The machine's unique id. It names what belongs to the machine (folders, sockets) in place of the name, which may hold any character.
    /// </summary>
    public required Guid ConfigurationId { get; init; }

    /// <summary>Memory in megabytes.</summary>
    public required int MemoryMegabytes { get; init; }

    /// <summary>The texts that the machine's firmware shows the guest.</summary>
    public required FirmwareIdentity Firmware { get; init; }

    /// <summary>The machine's configuration as it was at this start, for what only the provider reads.</summary>
    public required IReadOnlyValues Configuration { get; init; }

    /// <summary>
    /// The machine's hard disks. They are the provider's until the machine has ended: nobody else writes them, and it opens them shared for
    /// reading.
    /// </summary>
    public IReadOnlyList<MachineHardDisk> HardDisks { get; init; } = [];

    /// <summary>The machine's CD and DVD drives, and what is in them at its start.</summary>
    public IReadOnlyList<MachineDvdDrive> DvdDrives { get; init; } = [];

    /// <summary>The machine's floppy drives, and what is in them at its start.</summary>
    public IReadOnlyList<MachineFloppyDrive> FloppyDrives { get; init; } = [];

    /// <summary>The machine's network cards, and what they are plugged into at its start.</summary>
    public IReadOnlyList<MachineNetworkCard> NetworkCards { get; init; } = [];

    /// <summary>
    /// The full path of a file in which the provider can keep what outlives the machine's power: its non-volatile memory. It goes with the
    /// machine's other files when the machine is renamed or deleted. Null when nothing is to be kept.
    /// </summary>
    public string? NonVolatileMemoryFile { get; init; }

    /// <summary>The full path of the file to restore from, or null to boot.</summary>
    public string? SavedStateFile { get; init; }

    /// <summary>The host's clock, for all that the machine measures and waits for.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
