using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>What a display, a keyboard, a mouse or a port needs of the machine that it belongs to.</summary>
internal interface IPeripheralOwner
{
    /// <summary>The machine's name, for texts.</summary>
    string Name { get; }

    /// <summary>The machine's state now.</summary>
    MachineState State { get; }

    /// <summary>The machine of this run, or null while it is off.</summary>
    IRunningMachine? RunningMachine { get; }

    /// <summary>The session with the guest of this run, or null while the machine is off.</summary>
    GuestSession? GuestSession { get; }

    /// <summary>The clock.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>Refuses when the machine is no longer registered.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MachineUnknown"/>.</exception>
    void RequireRegistered();
}
