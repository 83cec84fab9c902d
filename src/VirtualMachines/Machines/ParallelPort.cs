using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// A parallel port of a machine, and the host's port that it is mapped to. Providers that have no such device keep the name alone.
/// </summary>
/// <remarks>Each member fails with <see cref="VirtualMachineError.MachineUnknown"/> when the machine is no longer registered.</remarks>
public sealed class ParallelPort
{
    private readonly MachineSettings settings;

    internal ParallelPort(MachineSettings settings, int number)
    {
        this.settings = settings;
        Number = number;
    }

    /// <summary>The port's number: 1 for LPT1.</summary>
    public int Number { get; }

    /// <summary>The host's port, <c>LPT1</c> to <c>LPT9</c>; empty for none.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.InvalidArgument"/>: no such port.</exception>
    public string Name
    {
        get => settings.Text(ConfigurationKeys.ParallelPortName(Number));
        set => settings.Set(
            MachineOperation.ChangeFreeSetting,
            ConfigurationKeys.ParallelPortName(Number),
            ParallelPortNames.IsName(value) ? value : throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"'{value}' is no parallel port of the host. Names are LPT1 to LPT9; an empty one maps the port to nothing."));
    }
}
