namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Something happened in or to a guest.</summary>
/// <param name="machine">The machine.</param>
/// <param name="occurrence">What happened.</param>
/// <param name="detail">For a logoff its kind (VMLogoffType); for the video mode and the disk space 1 or 0; else 0.</param>
public sealed class MachineOccurrenceEventArgs(VirtualMachine machine, MachineOccurrence occurrence, int detail = 0) : EventArgs
{
    /// <summary>The machine.</summary>
    public VirtualMachine Machine { get; } = machine;

    /// <summary>What happened.</summary>
    public MachineOccurrence Occurrence { get; } = occurrence;

    /// <summary>
    /// For a logoff its kind (0 normal, 1 forced, 2 by the host); for the video mode 1 when it is available; for the disk space 1 when it
    /// is critically low; else 0.
    /// </summary>
    public int Detail { get; } = detail;
}
