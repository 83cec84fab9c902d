namespace VpcComApi.VirtualMachines.Providers;

/// <summary>The ways in which a machine stops executing.</summary>
public enum MachineEndReason
{
    /// <summary>The host pulled the plug.</summary>
    TurnedOff = 1,

    /// <summary>The host saved the guest's state.</summary>
    Saved,

    /// <summary>The guest powered the machine off.</summary>
    GuestPoweredOff,

    /// <summary>The machine died: its process was killed or crashed.</summary>
    Died,
}
