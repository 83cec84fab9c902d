using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMVirtualMachine: one machine.</summary>
[GeneratedComClass]
internal sealed partial class VirtualMachineAdapter : VMVirtualMachineBase, IEventSource
{
    private static readonly Dictionary<MachineOccurrence, int> EventOf = new()
    {
        [MachineOccurrence.ShutdownRequested] = VirtualMachineEventsDispIds.OnRequestShutdown,
        [MachineOccurrence.Reset] = VirtualMachineEventsDispIds.OnReset,
        [MachineOccurrence.TripleFault] = VirtualMachineEventsDispIds.OnTripleFault,
        [MachineOccurrence.HeartbeatStopped] = VirtualMachineEventsDispIds.OnHeartbeatStopped,
        [MachineOccurrence.EnhancedVideoModeChanged] = VirtualMachineEventsDispIds.OnEnhancedVideoModeChanged,
        [MachineOccurrence.IntegrationComponentsUninstalled] = VirtualMachineEventsDispIds.OnAdditionsUninstalled,
        [MachineOccurrence.IntegrationComponentsAvailable] = VirtualMachineEventsDispIds.OnAdditionsAvailable,
        [MachineOccurrence.GuestShutdown] = VirtualMachineEventsDispIds.OnGuestShutdown,
        [MachineOccurrence.GuestLogoff] = VirtualMachineEventsDispIds.OnGuestLogoff,
        [MachineOccurrence.DiskOutOfSpace] = VirtualMachineEventsDispIds.OnDiskOutOfSpace,
    };

    private readonly Application application;

    /// <summary>Makes the object and begins to fire its events.</summary>
    /// <param name="application">The domain and the machinery.</param>
    /// <param name="machine">The machine.</param>
    public VirtualMachineAdapter(Application application, VirtualMachine machine)
        : base(application.Dispatcher)
    {
        this.application = application;
        Machine = machine;
        Connections = new ExternalConnections(application.Served);
        Events = new ConnectionPoint(Iids.IVMVirtualMachineEvents, this, application.Served, application.EventLogger);
        machine.StateChanged += OnStateChanged;
        machine.ConfigurationChanged += OnConfigurationChanged;
        machine.Occurred += OnOccurred;
    }

    /// <summary>The events that machines fire.</summary>
    public static IReadOnlyCollection<int> FiredEvents =>
        [VirtualMachineEventsDispIds.OnStateChange, VirtualMachineEventsDispIds.OnConfigurationChanged, .. EventOf.Values];

    /// <summary>The machine.</summary>
    public VirtualMachine Machine { get; }

    /// <inheritdoc/>
    public ExternalConnections Connections { get; }

    /// <inheritdoc/>
    public ServedClass Class => application.VirtualMachineClass;

    /// <inheritdoc/>
    public ConnectionPoint Events { get; }

    /// <inheritdoc/>
    public override string get_Name() => Machine.Name;

    /// <inheritdoc/>
    public override void put_Name(string? virtualMachineName) => Machine.Name = virtualMachineName ?? string.Empty;

    /// <inheritdoc/>
    public override string get_ConfigID() => Machine.ConfigurationId.ToString("B").ToUpperInvariant();

    /// <inheritdoc/>
    public override string get_File() => Machine.ConfigurationFile;

    /// <inheritdoc/>
    public override IVMGuestOS get_GuestOS() => application.AdapterOf(Machine.GuestOS);

    /// <inheritdoc/>
    public override IVMDisplay get_Display() => application.AdapterOf(Machine.Display);

    /// <inheritdoc/>
    /// <remarks>Each caller gets an object of its own: exclusive access belongs to the object.</remarks>
    public override IVMKeyboard get_Keyboard() => new KeyboardAdapter(application, Machine.OpenKeyboard());

    /// <inheritdoc/>
    /// <remarks>Each caller gets an object of its own: the kind of coordinates belongs to the object.</remarks>
    public override IVMMouse get_Mouse() => new MouseAdapter(application, Machine.OpenMouse());

    /// <inheritdoc/>
    public override IVMTask Startup() => application.AdapterOf(Machine.Startup(StartupOption.Normal));

    /// <inheritdoc/>
    public override IVMTask Startup2(VMStartupOption startupOption) => application.AdapterOf(Machine.Startup((StartupOption)startupOption));

    /// <inheritdoc/>
    public override IVMTask TurnOff() => application.AdapterOf(Machine.TurnOff());

    /// <inheritdoc/>
    public override IVMTask Save() => application.AdapterOf(Machine.Save());

    /// <inheritdoc/>
    public override IVMTask Reset() => application.AdapterOf(Machine.Reset());

    /// <inheritdoc/>
    public override void DiscardSavedState() => Machine.DiscardSavedState();

    /// <inheritdoc/>
    public override void Pause() => application.Wait(Machine.PauseAsync);

    /// <inheritdoc/>
    public override void Resume() => application.Wait(Machine.ResumeAsync);

    /// <inheritdoc/>
    public override VMVMState get_State() => (VMVMState)Machine.State;

    /// <inheritdoc/>
    public override VMShutdownAction get_ShutdownActionOnQuit() => (VMShutdownAction)Machine.ShutdownActionOnQuit;

    /// <inheritdoc/>
    public override void put_ShutdownActionOnQuit(VMShutdownAction shutdownAction) =>
        Machine.ShutdownActionOnQuit = (ShutdownAction)shutdownAction;

    /// <inheritdoc/>
    public override string get_SavedStateFilePath() => Machine.SavedStateFile;

    /// <inheritdoc/>
    public override string get_BIOSGUID() => Machine.BiosGuid;

    /// <inheritdoc/>
    public override void put_BIOSGUID(string? biosGUID) => Machine.BiosGuid = biosGUID ?? string.Empty;

    /// <inheritdoc/>
    public override string get_BIOSSerialNumber() => Machine.BiosSerialNumber;

    /// <inheritdoc/>
    public override void put_BIOSSerialNumber(string? biosSerialNumber) => Machine.BiosSerialNumber = biosSerialNumber ?? string.Empty;

    /// <inheritdoc/>
    public override string get_BaseBoardSerialNumber() => Machine.BaseBoardSerialNumber;

    /// <inheritdoc/>
    public override void put_BaseBoardSerialNumber(string? baseBoardSerialNumber) =>
        Machine.BaseBoardSerialNumber = baseBoardSerialNumber ?? string.Empty;

    /// <inheritdoc/>
    public override string get_ChassisSerialNumber() => Machine.ChassisSerialNumber;

    /// <inheritdoc/>
    public override void put_ChassisSerialNumber(string? chasisSerialNumber) =>
        Machine.ChassisSerialNumber = chasisSerialNumber ?? string.Empty;

    /// <inheritdoc/>
    public override string get_ChassisAssetTag() => Machine.ChassisAssetTag;

    /// <inheritdoc/>
    public override void put_ChassisAssetTag(string? chassisAssetTag) => Machine.ChassisAssetTag = chassisAssetTag ?? string.Empty;

    /// <inheritdoc/>
    public override IVMHardDiskConnection AddHardDiskConnection(string? hardDiskPath, int busNumber, int deviceNumber) =>
        application.AdapterOf(Machine.AddHardDiskConnection(hardDiskPath, busNumber, deviceNumber));

    /// <inheritdoc/>
    public override void RemoveHardDiskConnection(IVMHardDiskConnection? hardDiskConnection) =>
        Machine.RemoveHardDiskConnection(Arguments.RequireConnection(hardDiskConnection, "RemoveHardDiskConnection"));

    /// <inheritdoc/>
    public override IVMHardDiskConnectionCollection get_HardDiskConnections() =>
        new HardDiskConnectionCollectionAdapter(application, Machine.HardDiskConnections);

    /// <inheritdoc/>
    public override IVMTask MergeUndoDisks() => application.AdapterOf(Machine.MergeUndoDisks());

    /// <inheritdoc/>
    public override void DiscardUndoDisks() => Machine.DiscardUndoDisks();

    /// <inheritdoc/>
    public override IVMDVDDrive AddDVDROMDrive(int busNumber, int deviceNumber) =>
        application.AdapterOf(Machine.AddDvdDrive(busNumber, deviceNumber));

    /// <inheritdoc/>
    public override void RemoveDVDROMDrive(IVMDVDDrive? dvdDrive) =>
        Machine.RemoveDvdDrive(Arguments.RequireDvdDrive(dvdDrive, "RemoveDVDROMDrive"));

    /// <inheritdoc/>
    public override IVMDVDDriveCollection get_DVDROMDrives() => new DVDDriveCollectionAdapter(application, Machine.DvdDrives);

    /// <inheritdoc/>
    public override IVMFloppyDriveCollection get_FloppyDrives() => new FloppyDriveCollectionAdapter(application, Machine.FloppyDrives);

    /// <inheritdoc/>
    public override object? get_AttachedDriveTypes() => Machine.AttachedDriveTypes.Select(type => (byte)type).ToArray();

    /// <inheritdoc/>
    public override bool get_Undoable() => Machine.Undoable;

    /// <inheritdoc/>
    public override void put_Undoable(bool enableUndo) => Machine.Undoable = enableUndo;

    /// <inheritdoc/>
    public override VMUndoAction get_UndoAction() => (VMUndoAction)Machine.UndoAction;

    /// <inheritdoc/>
    public override void put_UndoAction(VMUndoAction undoAction) => Machine.UndoAction = (UndoAction)undoAction;

    /// <inheritdoc/>
    public override IVMSerialPortCollection get_SerialPorts() => new SerialPortCollectionAdapter(application, Machine.SerialPorts);

    /// <inheritdoc/>
    public override IVMParallelPortCollection get_ParallelPorts() => new ParallelPortCollectionAdapter(application, Machine.ParallelPorts);

    /// <inheritdoc/>
    public override string get_RdpPipeName() => Machine.RdpPipeName;

    /// <inheritdoc/>
    public override string get_Notes() => Machine.Notes;

    /// <inheritdoc/>
    public override void put_Notes(string? virtualMachineNotes) => Machine.Notes = virtualMachineNotes ?? string.Empty;

    /// <inheritdoc/>
    public override int get_Memory() => Machine.MemoryMegabytes;

    /// <inheritdoc/>
    public override void put_Memory(int megabytesOfMemory) => Machine.MemoryMegabytes = megabytesOfMemory;

    /// <inheritdoc/>
    public override object? GetConfigurationValue(string? configurationKey) => Machine.ConfigurationValues.GetValue(configurationKey);

    /// <inheritdoc/>
    public override void SetConfigurationValue(string? configurationKey, object? configurationValue) =>
        Machine.ConfigurationValues.SetValue(configurationKey, configurationValue);

    /// <inheritdoc/>
    public override void RemoveConfigurationValue(string? configurationKey) => Machine.ConfigurationValues.RemoveValue(configurationKey);

    /// <inheritdoc/>
    public override object? GetActivationValue(string? activationKey) => Machine.ActivationValues.GetValue(activationKey);

    /// <inheritdoc/>
    public override void SetActivationValue(string? activationKey, object? activationValue) =>
        Machine.ActivationValues.SetValue(activationKey, activationValue);

    /// <inheritdoc/>
    public override void RemoveActivationValue(string? activationKey) => Machine.ActivationValues.RemoveValue(activationKey);

    /// <inheritdoc/>
    public override void StartCommunicationChannel(
        VMEndpointType inHostEndpointType, string? inHostEndPointName, VMEndpointType inGuestEndpointType, string? inGuestEndpointName) =>
        application.Wait(stopping => Machine.StartCommunicationChannelAsync(
            (EndpointType)inHostEndpointType, inHostEndPointName, (EndpointType)inGuestEndpointType, inGuestEndpointName, stopping));

    private void OnStateChanged(object? sender, MachineStateChangedEventArgs change) =>
        Events.Fire(VirtualMachineEventsDispIds.OnStateChange, (int)change.State);

    private void OnConfigurationChanged(object? sender, ConfigurationChangedEventArgs change) =>
        Events.Fire(VirtualMachineEventsDispIds.OnConfigurationChanged, change.Key, change.Value);

    private void OnOccurred(object? sender, MachineOccurrenceEventArgs occurred)
    {
        if (EventOf.TryGetValue(occurred.Occurrence, out int dispId))
        {
            Events.Fire(dispId, occurred.Occurrence switch
            {
                MachineOccurrence.GuestLogoff => [occurred.Detail],
                MachineOccurrence.EnhancedVideoModeChanged or MachineOccurrence.DiskOutOfSpace => [occurred.Detail != 0],
                _ => [],
            });
        }
    }
}
