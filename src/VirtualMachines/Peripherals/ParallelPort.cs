using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>A parallel port of a machine, and the host's port that it is mapped to. Providers that have no such device keep the name alone.</summary>
/// <remarks>Each member fails with <see cref="VirtualMachineError.MachineUnknown"/> when the machine is no longer registered.</remarks>
public sealed class ParallelPort
{
    private const string Prefix = "LPT";
    private const char HighestHostPort = '9';

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
            IsPort(value) ? value : throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"'{value}' is no parallel port of the host. Names are LPT1 to LPT9; an empty one maps the port to nothing."));
    }

    /// <summary>Whether a text names a parallel port of a host, or none.</summary>
    /// <param name="name">The text.</param>
    internal static bool IsPort(string? name) => name is not null && (name.Length == 0
        || (name.Length == Prefix.Length + 1 && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && name[^1] is >= '1' and <= HighestHostPort));
}
