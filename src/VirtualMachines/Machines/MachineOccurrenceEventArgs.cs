namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Something happened in or to a guest.</summary>
public sealed class MachineOccurrenceEventArgs : EventArgs
{
    internal MachineOccurrenceEventArgs(VirtualMachine machine, MachineOccurrence occurrence, int detail = 0)
    {
        Machine = machine;
        Occurrence = occurrence;
        Detail = detail;
    }

    /// <summary>The machine.</summary>
    public VirtualMachine Machine { get; }

    /// <summary>What happened.</summary>
    public MachineOccurrence Occurrence { get; }

    /// <summary>
    /// For a logoff its kind (0 normal, 1 forced, 2 by the host); for the video mode 1 when it is available; for the disk space 1 when it
    /// is critically low; else 0.
    /// </summary>
    public int Detail { get; }
}
