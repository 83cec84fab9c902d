namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A machine's state has changed.</summary>
public sealed class MachineStateChangedEventArgs : EventArgs
{
    internal MachineStateChangedEventArgs(VirtualMachine machine, MachineState state)
    {
        Machine = machine;
        State = state;
    }

    /// <summary>The machine.</summary>
    public VirtualMachine Machine { get; }

    /// <summary>The new state.</summary>
    public MachineState State { get; }
}
