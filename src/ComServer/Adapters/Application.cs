using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.ComServer.Adapters;

/// <summary>
/// What all adapters share: the domain behind them and the machinery before them. It also gives each domain object its one adapter, so that
/// the same machine is the same COM object for every client, for as long as the machine is there.
/// </summary>
internal sealed partial class Application
{
    private readonly TypeLibrary library;
    private readonly ConcurrentDictionary<Guid, ServedClass> classes = new();
    private readonly ConditionalWeakTable<VirtualMachine, VirtualMachineAdapter> machines = [];
    private readonly ConditionalWeakTable<MachineTask, TaskAdapter> tasks = [];
    private readonly ConditionalWeakTable<GuestOperatingSystem, GuestOSAdapter> guests = [];
    private readonly ConditionalWeakTable<MachineDisplay, DisplayAdapter> displays = [];
    private readonly ConditionalWeakTable<HardDisk, HardDiskAdapter> disks = [];
    private readonly ConditionalWeakTable<HardDiskConnection, HardDiskConnectionAdapter> diskConnections = [];
    private readonly ConditionalWeakTable<DvdDrive, DVDDriveAdapter> dvdDrives = [];
    private readonly ConditionalWeakTable<FloppyDrive, FloppyDriveAdapter> floppyDrives = [];
    private readonly ConditionalWeakTable<SerialPort, SerialPortAdapter> serialPorts = [];
    private readonly ConditionalWeakTable<ParallelPort, ParallelPortAdapter> parallelPorts = [];

    /// <summary>Brings domain and machinery together.</summary>
    /// <param name="host">The domain.</param>
    /// <param name="library">The type library.</param>
    /// <param name="dispatcher">Answers late-bound calls.</param>
    /// <param name="served">Counts what clients hold.</param>
    /// <param name="loggerFactory">Where messages go.</param>
    /// <param name="stopping">Ends the calls that wait when the process ends.</param>
    public Application(
        VirtualMachineHost host,
        TypeLibrary library,
        IDispatcher dispatcher,
        ServedObjects served,
        ILoggerFactory loggerFactory,
        CancellationToken stopping)
    {
        Host = host;
        Dispatcher = dispatcher;
        Served = served;
        EventLogger = loggerFactory.CreateLogger<EventSink>();
        Stopping = stopping;
        this.library = library;
        VirtualPCClass = ServedClass.Of(library, Clsids.VMVirtualPC);
        VirtualMachineClass = ServedClass.Of(library, Clsids.VMVirtualMachine);
        TaskClass = ServedClass.Of(library, Clsids.VMTask);
        GuestOSClass = ServedClass.Of(library, Clsids.VMGuestOS);
        DisplayClass = ServedClass.Of(library, Clsids.VMDisplay);
        KeyboardClass = ServedClass.Of(library, Clsids.VMKeyboard);
        MouseClass = ServedClass.Of(library, Clsids.VMMouseDevice);
        SerialPortClass = ServedClass.Of(library, Clsids.VMSerialPort);
        ParallelPortClass = ServedClass.Of(library, Clsids.VMParallelPort);
    }

    /// <summary>The domain.</summary>
    public VirtualMachineHost Host { get; }

    /// <summary>Answers late-bound calls.</summary>
    public IDispatcher Dispatcher { get; }

    /// <summary>Counts what clients hold.</summary>
    public ServedObjects Served { get; }

    /// <summary>Where sinks report.</summary>
    public ILogger EventLogger { get; }

    /// <summary>Cancelled when the process ends.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Describes the application object.</summary>
    public ServedClass VirtualPCClass { get; }

    /// <summary>Describes machines.</summary>
    public ServedClass VirtualMachineClass { get; }

    /// <summary>Describes tasks.</summary>
    public ServedClass TaskClass { get; }

    /// <summary>Describes guests.</summary>
    public ServedClass GuestOSClass { get; }

    /// <summary>Describes displays.</summary>
    public ServedClass DisplayClass { get; }

    /// <summary>Describes keyboards.</summary>
    public ServedClass KeyboardClass { get; }

    /// <summary>Describes mice.</summary>
    public ServedClass MouseClass { get; }

    /// <summary>Describes a class of the contract.</summary>
    /// <param name="classId">Its CLSID.</param>
    public ServedClass ClassOf(Guid classId) => classes.GetOrAdd(classId, id => ServedClass.Of(library, id));

    /// <summary>Describes serial ports.</summary>
    public ServedClass SerialPortClass { get; }

    /// <summary>Describes parallel ports.</summary>
    public ServedClass ParallelPortClass { get; }

    /// <summary>The adapter of a machine.</summary>
    public VirtualMachineAdapter AdapterOf(VirtualMachine machine) =>
        machines.GetValue(machine, key => new VirtualMachineAdapter(this, key));

    /// <summary>The adapter of a task.</summary>
    public TaskAdapter AdapterOf(MachineTask task) => tasks.GetValue(task, key => new TaskAdapter(this, key));

    /// <summary>The adapter of a guest.</summary>
    public GuestOSAdapter AdapterOf(GuestOperatingSystem guest) => guests.GetValue(guest, key => new GuestOSAdapter(this, key));

    /// <summary>The adapter of a display.</summary>
    public DisplayAdapter AdapterOf(MachineDisplay display) => displays.GetValue(display, key => new DisplayAdapter(this, key));

    /// <summary>The adapter of a hard disk.</summary>
    public HardDiskAdapter AdapterOf(HardDisk disk) =>
        disks.GetValue(disk, key => new HardDiskAdapter(this, key));

    /// <summary>The adapter of a connection of a hard disk.</summary>
    public HardDiskConnectionAdapter AdapterOf(HardDiskConnection connection) =>
        diskConnections.GetValue(connection, key => new HardDiskConnectionAdapter(this, key));

    /// <summary>The adapter of a DVD drive.</summary>
    public DVDDriveAdapter AdapterOf(DvdDrive drive) =>
        dvdDrives.GetValue(drive, key => new DVDDriveAdapter(this, key));

    /// <summary>The adapter of a floppy drive.</summary>
    public FloppyDriveAdapter AdapterOf(FloppyDrive drive) =>
        floppyDrives.GetValue(drive, key => new FloppyDriveAdapter(this, key));

    /// <summary>The adapter of a serial port.</summary>
    public SerialPortAdapter AdapterOf(SerialPort port) => serialPorts.GetValue(port, key => new SerialPortAdapter(this, key));

    /// <summary>The adapter of a parallel port.</summary>
    public ParallelPortAdapter AdapterOf(ParallelPort port) => parallelPorts.GetValue(port, key => new ParallelPortAdapter(this, key));

    /// <summary>Waits for work of the domain, on the thread that serves the call.</summary>
    /// <param name="work">Begins the work; the token ends it when the process ends.</param>
    public void Wait(Func<CancellationToken, Task> work) => work(Stopping).GetAwaiter().GetResult();

    /// <inheritdoc cref="Wait(Func{CancellationToken, Task})"/>
    /// <typeparam name="T">The result's type.</typeparam>
    public T Wait<T>(Func<CancellationToken, Task<T>> work) => work(Stopping).GetAwaiter().GetResult();
}
