namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// What a running machine can do, beyond what every machine does. Its provider declares it; a member of <see cref="IRunningMachine"/> that
/// belongs to a capability is used only when it was declared.
/// </summary>
[Flags]
public enum MachineCapabilities
{
    /// <summary>Nothing beyond what every machine does.</summary>
    None = 0,

    /// <summary><see cref="IRunningMachine.Display"/>.</summary>
    Display = 1 << 0,

    /// <summary><see cref="IRunningMachine.Keyboard"/>.</summary>
    Keyboard = 1 << 1,

    /// <summary><see cref="IRunningMachine.Mouse"/>.</summary>
    Mouse = 1 << 2,

    /// <summary><see cref="IRunningMachine.RemovableDrives"/>: media can be changed while the machine runs.</summary>
    MediaChange = 1 << 3,

    /// <summary>
    /// <see cref="IRunningMachine.NetworkCables"/>: the cables of network cards can be plugged in elsewhere while it runs.
    /// </summary>
    NetworkCables = 1 << 4,

    /// <summary><see cref="IRunningMachine.Usb"/>: devices of the host can be given to the machine.</summary>
    Usb = 1 << 5,

    /// <summary><see cref="IRunningMachine.UsageMeter"/>.</summary>
    Usage = 1 << 6,

    /// <summary><see cref="IRunningMachine.SaveAsync"/>, and a start from the file that it writes.</summary>
    Save = 1 << 7,

    /// <summary><see cref="IRunningMachine.PressPowerButtonAsync"/>.</summary>
    PowerButton = 1 << 8,
}
