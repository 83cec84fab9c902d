using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.ComServer.Events;
using VpcComApi.Interop;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMVirtualPC: the application object, one for all clients.</summary>
[GeneratedComClass]
internal sealed partial class VirtualPCAdapter : VMVirtualPCBase, IEventSource
{
    private readonly Application application;
    private readonly VirtualMachineHost host;

    /// <summary>Makes the object and begins to fire its events.</summary>
    /// <param name="application">The domain and the machinery.</param>
    /// <param name="eventLog">Reports the entries of the event log.</param>
    public VirtualPCAdapter(Application application, LoggedEvents eventLog)
        : base(application.Dispatcher)
    {
        this.application = application;
        host = application.Host;
        Connections = new ExternalConnections(application.Served);
        Events = new ConnectionPoint(Iids.IVMVirtualPCEvents, this, application.Served, application.EventLogger);
        host.MachineStateChanged += OnMachineStateChanged;
        host.MachineOccurred += OnMachineOccurred;
        eventLog.Logged += OnEventLogged;
    }

    /// <summary>The events that the application object fires.</summary>
    public static IReadOnlyCollection<int> FiredEvents =>
    [
        VirtualPCEventsDispIds.OnServiceEvent,
        VirtualPCEventsDispIds.OnVMStateChange,
        VirtualPCEventsDispIds.OnEventLogged,
        VirtualPCEventsDispIds.OnHeartbeatStopped,
    ];

    /// <inheritdoc/>
    public ExternalConnections Connections { get; }

    /// <inheritdoc/>
    public ServedClass Class => application.VirtualPCClass;

    /// <inheritdoc/>
    public ConnectionPoint Events { get; }

    /// <inheritdoc/>
    public override int FindVirtualMachine(string? configurationName, out IVMVirtualMachine? virtualMachine)
    {
        string name = Arguments.Require(configurationName, "FindVirtualMachine", nameof(configurationName));
        VirtualMachine? found = host.FindVirtualMachine(name);
        virtualMachine = found is null ? null : application.AdapterOf(found);
        return found is null ? HResults.S_FALSE : HResults.S_OK;
    }

    /// <inheritdoc/>
    public override IVMVirtualMachine CreateVirtualMachine(string? configurationName, string? configurationPath) =>
        application.AdapterOf(host.CreateVirtualMachine(configurationName, configurationPath));

    /// <inheritdoc/>
    public override int DeleteVirtualMachine(IVMVirtualMachine? virtualMachine) =>
        host.DeleteVirtualMachine(Arguments.RequireMachine(virtualMachine, "DeleteVirtualMachine")) ? HResults.S_OK : HResults.S_FALSE;

    /// <inheritdoc/>
    public override IVMVirtualMachine RegisterVirtualMachine(string? configurationName, string? configurationPath) =>
        application.AdapterOf(host.RegisterVirtualMachine(configurationName, configurationPath));

    /// <inheritdoc/>
    public override void UnregisterVirtualMachine(IVMVirtualMachine? virtualMachine) =>
        host.UnregisterVirtualMachine(Arguments.RequireMachine(virtualMachine, "UnregisterVirtualMachine"));

    /// <inheritdoc/>
    public override IVMVirtualMachineCollection get_VirtualMachines() =>
        new VirtualMachineCollectionAdapter(application, host.VirtualMachines);

    /// <inheritdoc/>
    public override IVMTaskCollection get_Tasks() => new TaskCollectionAdapter(application, host.Tasks);

    /// <inheritdoc/>
    public override IVMTask CreateDynamicVirtualHardDisk(string? imagePath, int size) => application.AdapterOf(
        host.CreateDynamicVirtualHardDisk(Arguments.Require(imagePath, "CreateDynamicVirtualHardDisk", nameof(imagePath)), size));

    /// <inheritdoc/>
    public override IVMTask CreateFixedVirtualHardDisk(string? imagePath, int size) => application.AdapterOf(
        host.CreateFixedVirtualHardDisk(Arguments.Require(imagePath, "CreateFixedVirtualHardDisk", nameof(imagePath)), size));

    /// <inheritdoc/>
    public override IVMTask CreateDifferencingVirtualHardDisk(string? imagePath, string? parentPath) => application.AdapterOf(
        host.CreateDifferencingVirtualHardDisk(
            Arguments.Require(imagePath, "CreateDifferencingVirtualHardDisk", nameof(imagePath)),
            Arguments.Require(parentPath, "CreateDifferencingVirtualHardDisk", nameof(parentPath))));

    /// <inheritdoc/>
    public override IVMHardDisk GetHardDisk(string? imagePath) =>
        application.AdapterOf(host.GetHardDisk(Arguments.Require(imagePath, "GetHardDisk", nameof(imagePath))));

    /// <inheritdoc/>
    public override void CreateFloppyDiskImage(string? imagePath, VMFloppyDiskImageType imageType) =>
        host.CreateFloppyDiskImage(Arguments.Require(imagePath, "CreateFloppyDiskImage", nameof(imagePath)), (FloppyImageKind)imageType);

    /// <inheritdoc/>
    public override VMFloppyDiskImageType GetFloppyDiskImageType(string? imagePath) =>
        (VMFloppyDiskImageType)host.GetFloppyDiskImageType(Arguments.Require(imagePath, "GetFloppyDiskImageType", nameof(imagePath)));

    /// <inheritdoc/>
    public override object? GetConfigurationValue(string? preferenceKey) =>
        host.Preferences.GetValue(Arguments.Require(preferenceKey, "GetConfigurationValue", nameof(preferenceKey)));

    /// <inheritdoc/>
    public override void SetConfigurationValue(string? preferenceKey, object? preferenceValue) =>
        host.Preferences.SetValue(Arguments.Require(preferenceKey, "SetConfigurationValue", nameof(preferenceKey)), preferenceValue);

    /// <inheritdoc/>
    public override void RemoveConfigurationValue(string? preferenceKey) => host.Preferences.RemoveValue(preferenceKey);

    /// <inheritdoc/>
    public override string get_DefaultVMConfigurationPath() => host.DefaultConfigurationPath;

    /// <inheritdoc/>
    public override void put_DefaultVMConfigurationPath(string? configurationPath) =>
        host.DefaultConfigurationPath = configurationPath ?? string.Empty;

    /// <inheritdoc/>
    public override string get_Name() => host.Name;

    /// <inheritdoc/>
    public override string get_Version() => host.Version;

    /// <inheritdoc/>
    public override int get_UpTime() => (int)host.UpTime.TotalSeconds;

    private void OnMachineStateChanged(object? sender, MachineStateChangedEventArgs change) =>
        Events.Fire(VirtualPCEventsDispIds.OnVMStateChange, change.Machine.Name, (int)change.State);

    private void OnMachineOccurred(object? sender, MachineOccurrenceEventArgs occurred)
    {
        if (occurred.Occurrence == MachineOccurrence.HeartbeatStopped)
        {
            Events.Fire(VirtualPCEventsDispIds.OnHeartbeatStopped, occurred.Machine.Name);
        }
    }

    private void OnEventLogged(object? sender, LoggedEventArgs logged)
    {
        Events.Fire(VirtualPCEventsDispIds.OnEventLogged, logged.EventId);
        if (logged.ConcernsApplication)
        {
            Events.Fire(VirtualPCEventsDispIds.OnServiceEvent, logged.EventId);
        }
    }
}
