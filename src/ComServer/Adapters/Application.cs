using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.ComServer.Adapters;

/// <summary>
/// What all adapters share: the domain behind them and the machinery before them. It also gives each domain object its one adapter, so that the
/// same machine is the same COM object for every client, for as long as the machine is there.
/// </summary>
internal sealed class Application
{
    private readonly ConditionalWeakTable<VirtualMachine, VirtualMachineAdapter> machines = [];
    private readonly ConditionalWeakTable<MachineTask, TaskAdapter> tasks = [];
    private readonly ConditionalWeakTable<GuestOperatingSystem, GuestOSAdapter> guests = [];

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
        VirtualPCClass = ServedClass.Of(library, Clsids.VMVirtualPC);
        VirtualMachineClass = ServedClass.Of(library, Clsids.VMVirtualMachine);
        TaskClass = ServedClass.Of(library, Clsids.VMTask);
        GuestOSClass = ServedClass.Of(library, Clsids.VMGuestOS);
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

    /// <summary>The adapter of a machine.</summary>
    public VirtualMachineAdapter AdapterOf(VirtualMachine machine) => machines.GetValue(machine, key => new VirtualMachineAdapter(this, key));

    /// <summary>The adapter of a task.</summary>
    public TaskAdapter AdapterOf(MachineTask task) => tasks.GetValue(task, key => new TaskAdapter(this, key));

    /// <summary>The adapter of a guest.</summary>
    public GuestOSAdapter AdapterOf(GuestOperatingSystem guest) => guests.GetValue(guest, key => new GuestOSAdapter(this, key));

    /// <summary>Waits for work of the domain, on the thread that serves the call.</summary>
    /// <param name="work">Begins the work; the token ends it when the process ends.</param>
    public void Wait(Func<CancellationToken, Task> work) => work(Stopping).GetAwaiter().GetResult();

    /// <inheritdoc cref="Wait(Func{CancellationToken, Task})"/>
    /// <typeparam name="T">The result's type.</typeparam>
    public T Wait<T>(Func<CancellationToken, Task<T>> work) => work(Stopping).GetAwaiter().GetResult();
}
