namespace VpcComApi.VirtualMachines.Machines;

/// <summary>Why a machine is paused.</summary>
public enum PauseReason
{
    /// <summary>A caller asked for it.</summary>
    Requested,

    /// <summary>
    /// A disk of the host that the machine writes to has less than 20 MB left. The machine stays paused when there is room again: it is
    /// resumed by hand.
    /// </summary>
    DiskFull,
}
