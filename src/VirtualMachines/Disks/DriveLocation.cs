namespace VpcComApi.VirtualMachines.Disks;

/// <summary>A position on a machine's IDE buses.</summary>
/// <param name="Bus">0 or 1.</param>
/// <param name="Device">0 or 1.</param>
public readonly record struct DriveLocation(int Bus, int Device)
{
    /// <summary>IDE buses of a machine.</summary>
    public const int Buses = 2;

    /// <summary>Positions on a bus.</summary>
    public const int DevicesPerBus = 2;

    /// <summary>All positions, in the order of bus, then device.</summary>
    internal static IReadOnlyList<DriveLocation> All { get; } = [new(0, 0), new(0, 1), new(1, 0), new(1, 1)];

    /// <summary>Where the .vmc file says what is connected here: a <see cref="MachineDriveType"/>.</summary>
    internal string TypeKey => $"{Element}/drive_type";

    /// <summary>Where the .vmc file keeps the path of the image, or the letter of the host's drive.</summary>
    internal MediaKeys Media => new($"{Element}/pathname");

    /// <summary>Where the .vmc file keeps the path of the undo disk.</summary>
    internal MediaKeys Undo => new($"{Element}/undo_pathname");

    private string Element => $"hardware/pci_bus/ide_adapter/ide_controller[@id={Bus}]/location[@id={Device}]";

    /// <summary>Checks a position.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="device">The position on it.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.InvalidArgument"/>.</exception>
    internal static DriveLocation Check(int bus, int device) => bus is >= 0 and < Buses && device is >= 0 and < DevicesPerBus
        ? new DriveLocation(bus, device)
        : throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument,
            $"There is no position {device} on an IDE bus {bus}. Buses are 0 and 1, and each has the positions 0 and 1.");

    /// <inheritdoc/>
    public override string ToString() => $"{Bus}:{Device}";
}
