using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines;

/// <summary>
/// How much a machine can have of each thing. Four network cards, two IDE buses and the range of memory stand in the Windows Virtual PC
/// reference; the reference of Virtual Server, the sibling product, has the rest.
/// </summary>
public static class MachineLimits
{
    /// <summary>The least memory, in megabytes.</summary>
    public const int MinimumMemoryMegabytes = MachineConfiguration.MinimumMemoryMegabytes;

    /// <summary>The most memory, in megabytes.</summary>
    public const int MaximumMemoryMegabytes = MachineConfiguration.MaximumMemoryMegabytes;

    /// <summary>Floppy drives.</summary>
    public const int FloppyDrives = 1;

    /// <summary>Serial ports.</summary>
    public const int SerialPorts = 2;

    /// <summary>Parallel ports.</summary>
    public const int ParallelPorts = 1;

    /// <summary>Network cards.</summary>
    public const int NetworkCards = 4;

    /// <summary>IDE buses, each with two positions.</summary>
    public const int IdeBuses = 2;
}
