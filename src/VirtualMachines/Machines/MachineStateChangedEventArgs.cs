namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A machine's state has changed.</summary>
/// <param name="machine">The machine.</param>
/// <param name="state">Its new state.</param>
public sealed class MachineStateChangedEventArgs(VirtualMachine machine, MachineState state) : EventArgs
{
    /// <summary>The machine.</summary>
    public VirtualMachine Machine { get; } = machine;

    /// <summary>The new state.</summary>
    public MachineState State { get; } = state;
}
