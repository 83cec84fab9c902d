using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Usage;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// The parts of a machine. Each owns its state and its lock; <see cref="Context"/> and <see cref="Power"/> are what they share. A part may
/// call those above it in this list, and none below; <see cref="Access"/> alone reaches the others through the machine.
/// </summary>
internal sealed class MachineParts
{
    /// <summary>Makes the parts of a machine.</summary>
    /// <param name="machine">The machine that callers see.</param>
    /// <param name="host">The application.</param>
    /// <param name="files">The machine's files.</param>
    /// <param name="configuration">Its configuration, which need not be without faults.</param>
    public MachineParts(VirtualMachine machine, VirtualMachineHost host, MachineFiles files, MachineConfiguration configuration)
    {
        Context = new MachineContext(machine, host, files, configuration);
        Power = new MachinePower(Context);
        Description = new MachineDescription(Context, Power);
        Access = new MachineAccess(Context, Power);
        Settings = new MachineSettings(Context, Power, Description);
        LiveHardware live = new(Context, Power, Access);
        Drives = new MachineDrives(Context, Power, Description, live);
        NetworkCards = new MachineNetworkCards(Context, Power, Settings, live);
        SerialPorts = new SerialPortWiring(Context, Power);
        ParallelPorts = [.. Enumerable.Range(1, VirtualMachine.ParallelPortCount).Select(number => new ParallelPort(Settings, number))];
        UndoDisks = new UndoDisks(Context, Power, Settings, Description);
        Usb = new MachineUsb(Context, Power);
        Display = new MachineDisplay(Access);
        Accountant = new MachineAccountant(() => Power.Run?.Usage);
        GuestOS = new GuestOperatingSystem(Access);
        Lifecycle = new MachineLifecycle(Context, Power, Settings, Description, UndoDisks);
        MachineHardware hardware = new(Drives, NetworkCards, SerialPorts, live);
        Startup = new MachineStartup(Context, Power, Settings, Description, UndoDisks, hardware, new RunWatch(Context, Power, Lifecycle));
        Quit = new MachineQuit(Context, Power, Settings, Lifecycle, GuestOS);
    }

    /// <summary>The files, the configuration, the events, the application.</summary>
    public MachineContext Context { get; }

    /// <summary>The state, the run that is under way, and whose turn it is.</summary>
    public MachinePower Power { get; }

    /// <summary>The .vmcx file.</summary>
    public MachineDescription Description { get; }

    /// <summary>The way in which guests and peripherals reach the machine.</summary>
    public MachineAccess Access { get; }

    /// <summary>The settings.</summary>
    public MachineSettings Settings { get; }

    /// <summary>The drives.</summary>
    public MachineDrives Drives { get; }

    /// <summary>The network cards.</summary>
    public MachineNetworkCards NetworkCards { get; }

    /// <summary>The serial ports.</summary>
    public SerialPortWiring SerialPorts { get; }

    /// <summary>The parallel ports.</summary>
    public IReadOnlyList<ParallelPort> ParallelPorts { get; }

    /// <summary>The undo disks.</summary>
    public UndoDisks UndoDisks { get; }

    /// <summary>The USB devices.</summary>
    public MachineUsb Usb { get; }

    /// <summary>The display.</summary>
    public MachineDisplay Display { get; }

    /// <summary>What is held down on the keyboard, and who has it.</summary>
    public KeyboardState Keyboard { get; } = new();

    /// <summary>What is held down on the mouse.</summary>
    public MouseState Mouse { get; } = new();

    /// <summary>What the machine uses of the host.</summary>
    public MachineAccountant Accountant { get; }

    /// <summary>The guest's operating system.</summary>
    public GuestOperatingSystem GuestOS { get; }

    /// <summary>Turns off, saves, resets, pauses.</summary>
    public MachineLifecycle Lifecycle { get; }

    /// <summary>Starts and restores.</summary>
    public MachineStartup Startup { get; }

    /// <summary>Ends the machine with the application.</summary>
    public MachineQuit Quit { get; }
}
