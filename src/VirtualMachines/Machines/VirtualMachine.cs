using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.PhysicalHost;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VirtualMachines.Usage;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// One virtual machine: identity, power state, settings, hardware. A registered machine is one object for as long as the process lives.
/// Each member is the work of one of the machine's parts; see ARCHITECTURE.md.
/// </summary>
/// <remarks>
/// Unless a member says otherwise it fails with <see cref="VirtualMachineError.MachineUnknown"/> when the machine is no longer registered.
/// </remarks>
public sealed class VirtualMachine
{
    /// <summary>Serial ports of a machine, as many as the contract's sibling product has.</summary>
    public const int SerialPortCount = 2;

    /// <summary>Parallel ports of a machine, as many as the contract's sibling product has.</summary>
    public const int ParallelPortCount = 1;

    /// <summary>The largest disk that an IDE bus of such a machine addresses: 127 GB.</summary>
    public const long MaximumIdeDiskSize = 127L << 30;

    internal VirtualMachine(VirtualMachineHost host, MachineFiles files, MachineConfiguration configuration, Guid configurationId)
    {
        ConfigurationId = configurationId;
        Parts = new MachineParts(this, host, files, configuration);
    }

    /// <summary>
    /// The state has changed. Handlers must be quick; those of one machine run in order, one at a time, on no caller's thread.
    /// </summary>
    public event EventHandler<MachineStateChangedEventArgs>? StateChanged;

    /// <summary>A configuration value was set.</summary>
    public event EventHandler<ConfigurationChangedEventArgs>? ConfigurationChanged;

    /// <summary>Something happened in or to the guest.</summary>
    public event EventHandler<MachineOccurrenceEventArgs>? Occurred;

    /// <summary>The name; unique ignoring case, at most 80 characters. Set only while the machine is off; its files are renamed.</summary>
    /// <exception cref="VirtualMachineException">The name is unusable or taken, the machine is on, or a file cannot be renamed.</exception>
    public string Name
    {
        get => Parts.Context.Name;
        set => Parts.Settings.Rename(value);
    }

    /// <summary>The unique id, which never changes.</summary>
    public Guid ConfigurationId { get; }

    /// <summary>The full path of the .vmc file.</summary>
    public string ConfigurationFile => Files.Configuration;

    /// <summary>The state now.</summary>
    public MachineState State => Parts.Power.State;

    /// <summary>Why the machine is paused; null while it is not.</summary>
    public PauseReason? PauseReason => Parts.Power.PauseReason;

    /// <summary>Free text, at most 65,536 characters.</summary>
    /// <exception cref="VirtualMachineException">The text is too long or cannot be kept in XML, or the file failed.</exception>
    public string Notes
    {
        get => Parts.Settings.Notes;
        set => Parts.Settings.Notes = value;
    }

    /// <summary>
    /// Memory in megabytes, 4 to 3,712; 512 when the file does not say. While it runs, what it runs with. Set only while it is off.
    /// </summary>
    /// <exception cref="VirtualMachineException">The number is out of range, the machine is not off, or the file failed.</exception>
    public int MemoryMegabytes
    {
        get => OfRegistered(Parts.Power).Run?.MemoryMegabytes ?? Parts.Settings.MemoryMegabytes;
        set => Parts.Settings.MemoryMegabytes = value;
    }

    /// <summary>Braced GUID text; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is no braced GUID, or the machine is not off.</exception>
    public string BiosGuid
    {
        get => Parts.Settings.Text(ConfigurationKeys.BiosGuid);
        set => Parts.Settings.SetBiosGuid(value);
    }

    /// <summary>At most 32 characters; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string BiosSerialNumber
    {
        get => Parts.Settings.Text(ConfigurationKeys.BiosSerialNumber);
        set => Parts.Settings.SetFirmwareText(ConfigurationKeys.BiosSerialNumber, "BIOS serial number", value);
    }

    /// <summary>At most 32 characters; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string BaseBoardSerialNumber
    {
        get => Parts.Settings.Text(ConfigurationKeys.BaseBoardSerialNumber);
        set => Parts.Settings.SetFirmwareText(ConfigurationKeys.BaseBoardSerialNumber, "base board serial number", value);
    }

    /// <summary>At most 32 characters; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string ChassisSerialNumber
    {
        get => Parts.Settings.Text(ConfigurationKeys.ChassisSerialNumber);
        set => Parts.Settings.SetFirmwareText(ConfigurationKeys.ChassisSerialNumber, "chassis serial number", value);
    }

    /// <summary>
    /// At most 32 characters; a machine has one from its creation or first registration. Set only while the machine is off.
    /// </summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string ChassisAssetTag
    {
        get => Parts.Settings.Text(ConfigurationKeys.ChassisAssetTag);
        set => Parts.Settings.SetFirmwareText(ConfigurationKeys.ChassisAssetTag, "chassis asset tag", value);
    }

    /// <summary>What happens to a running machine when the application ends.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/>: no such action; or the file failed.
    /// </exception>
    public ShutdownAction ShutdownActionOnQuit
    {
        get => Parts.Settings.ShutdownActionOnQuit;
        set => Parts.Settings.ShutdownActionOnQuit = value;
    }

    /// <summary>What happens to undo drives on power-off.</summary>
    /// <exception cref="VirtualMachineException">No such action, or the file could not be written.</exception>
    public UndoAction UndoAction
    {
        get => Parts.UndoDisks.Action;
        set => Parts.UndoDisks.Action = value;
    }

    /// <summary>
    /// Whether writes go to undo Parts.Drives. Set only while the machine is off; switching it off throws existing undo disks away.
    /// </summary>
    /// <exception cref="VirtualMachineException">The machine is not off, or the file could not be written.</exception>
    public bool Undoable
    {
        get => Parts.UndoDisks.IsEnabled;
        set => Parts.UndoDisks.IsEnabled = value;
    }

    /// <summary>The full path of the saved state.</summary>
    /// <exception cref="VirtualMachineException">There is none.</exception>
    public string SavedStateFile
    {
        get
        {
            Parts.Power.Demand(MachineOperation.ReadSavedStateFile);
            return Files.SavedState;
        }
    }

    /// <summary>The lasting values of the .vmc file.</summary>
    public IValueStore ConfigurationValues => OfRegistered(Parts.Settings.Lasting);

    /// <summary>The running copy of the values, from start to power-off.</summary>
    public IValueStore ActivationValues => OfRegistered(Parts.Settings.Activation);

    /// <summary>The guest's operating system; exists whether or not the machine runs.</summary>
    public GuestOperatingSystem GuestOS => Parts.GuestOS;

    /// <summary>The display; exists whether or not the machine runs.</summary>
    public MachineDisplay Display => OfRegistered(Parts.Display);

    /// <summary>The serial ports: two, whether or not the machine's provider gives it any.</summary>
    public IReadOnlyList<SerialPort> SerialPorts => OfRegistered(Parts.SerialPorts.Ports);

    /// <summary>The parallel ports: one.</summary>
    public IReadOnlyList<ParallelPort> ParallelPorts => OfRegistered(Parts.ParallelPorts);

    /// <summary>What the machine uses of the host; exists whether or not the machine runs.</summary>
    public MachineAccountant Accountant => OfRegistered(Parts.Accountant);

    /// <summary>The processor that the machine shows its guest: the host's.</summary>
    public ProcessorFacts Processor => OfRegistered(Parts.Context.Host.Computer).Processor;

    /// <summary>The connected hard disks, in the order of the positions.</summary>
    /// <exception cref="VirtualMachineException">The configuration cannot be read.</exception>
    public IReadOnlyList<HardDiskConnection> HardDiskConnections => Parts.Drives.HardDiskConnections;

    /// <summary>The DVD drives, in the order of the positions.</summary>
    /// <exception cref="VirtualMachineException">The configuration cannot be read.</exception>
    public IReadOnlyList<DvdDrive> DvdDrives => Parts.Drives.DvdDrives;

    /// <summary>The floppy drives: one.</summary>
    public IReadOnlyList<FloppyDrive> FloppyDrives => Parts.Drives.FloppyDrives;

    /// <summary>What is connected at each of the four positions, in the order of bus, then device.</summary>
    /// <exception cref="VirtualMachineException">The configuration cannot be read.</exception>
    public IReadOnlyList<MachineDriveType> AttachedDriveTypes => Parts.Drives.Configured.Types;

    /// <summary>The network cards, by number. The same card is the same object.</summary>
    /// <exception cref="VirtualMachineException">The configuration cannot be read.</exception>
    public IReadOnlyList<NetworkCard> NetworkCards => Parts.NetworkCards.All;

    /// <summary>The name of the pipe to the guest's desktop, as <c>\\.\pipe\...</c>; another one in each run.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public string RdpPipeName => Parts.Power.DemandSession().RdpPipeName;

    /// <summary>The open communication channels and what they have carried.</summary>
    public IReadOnlyList<CommunicationChannelStatus> CommunicationChannels => Parts.Power.Session?.Channels ?? [];

    /// <summary>The parts, which do the work.</summary>
    internal MachineParts Parts { get; }

    /// <summary>The machine's files.</summary>
    internal MachineFiles Files => Parts.Context.Files;

    /// <summary>Boots the machine, or restores its saved state. The task can be cancelled until the machine runs.</summary>
    /// <param name="option">How to start.</param>
    /// <exception cref="VirtualMachineException">
    /// Refused: a bad option, the machine's state, a wrong value in its file, too many machines, another process, an unknown provider.
    /// </exception>
    public MachineTask Startup(StartupOption option) => Parts.Startup.Begin(option);

    /// <summary>Pulls the plug.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public MachineTask TurnOff() => Parts.Lifecycle.TurnOff();

    /// <summary>Saves the guest's state and ends the machine.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running, or its undo disks are to be thrown away.</exception>
    public MachineTask Save() => Parts.Lifecycle.Save();

    /// <summary>Presses the reset button. A paused machine runs afterwards.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public MachineTask Reset() => Parts.Lifecycle.Reset();

    /// <summary>Stops the guest's processor. Channels stay as they are and stall.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The machine is not running or is paused already, or its provider failed.</exception>
    public Task PauseAsync(CancellationToken cancellationToken) =>
        Parts.Lifecycle.PauseAsync(Machines.PauseReason.Requested, cancellationToken);

    /// <summary>Lets a paused machine go on.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The machine is not paused, or its provider failed.</exception>
    public Task ResumeAsync(CancellationToken cancellationToken) => Parts.Lifecycle.ResumeAsync(cancellationToken);

    /// <summary>Throws the saved state away.</summary>
    /// <exception cref="VirtualMachineException">The machine runs or has no saved state, or the file failed.</exception>
    public void DiscardSavedState() => Parts.Lifecycle.DiscardSavedState();

    /// <summary>Writes what the undo disks hold into the machine's disks. The machine is off or saved.</summary>
    /// <exception cref="VirtualMachineException">Refused: the machine is running, or a disk is missing, read-only or in use.</exception>
    public MachineTask MergeUndoDisks() => Parts.UndoDisks.Merge();

    /// <summary>Throws the undo disks away. The machine is off.</summary>
    /// <exception cref="VirtualMachineException">The machine is not off, or a file could not be deleted.</exception>
    public void DiscardUndoDisks() => Parts.UndoDisks.Discard();

    /// <summary>
    /// Writes and removes several of the <see cref="ConfigurationValues"/> at once. When one is refused, nothing is changed.
    /// </summary>
    /// <param name="set">The slash paths and values to write, in order.</param>
    /// <param name="remove">The slash paths of the values that are removed afterwards.</param>
    /// <exception cref="VirtualMachineException">A key or value is not usable, there is no value to remove, or the file failed.</exception>
    public void ChangeConfigurationValues(IEnumerable<(string? Key, object? Value)> set, IEnumerable<string?> remove) =>
        OfRegistered(Parts.Settings.Lasting).Change(set, remove);

    /// <summary>Connects a hard disk. Only while the machine is off.</summary>
    /// <param name="path">The full path of the disk.</param>
    /// <param name="bus">0 or 1.</param>
    /// <param name="device">0 or 1.</param>
    /// <exception cref="VirtualMachineException">
    /// The machine is not off, the position is bad or taken, or the file is connected already, missing, no disk, or above 127 GB.
    /// </exception>
    public HardDiskConnection AddHardDiskConnection(string? path, int bus, int device) => Parts.Drives.AddHardDisk(path, bus, device);

    /// <summary>Disconnects a hard disk. Only while the machine is off. The disk's file, and an undo disk's, stay.</summary>
    /// <param name="connection">The connection.</param>
    /// <exception cref="VirtualMachineException">The machine is not off, or the disk is not connected to it.</exception>
    public void RemoveHardDiskConnection(HardDiskConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Parts.Drives.Remove(connection);
    }

    /// <summary>Connects a DVD drive. Only while the machine is off.</summary>
    /// <param name="bus">0 or 1.</param>
    /// <param name="device">0 or 1.</param>
    /// <exception cref="VirtualMachineException">The machine is not off, or the position is bad or taken.</exception>
    public DvdDrive AddDvdDrive(int bus, int device) => Parts.Drives.AddDvdDrive(bus, device);

    /// <summary>Disconnects a DVD drive. Only while the machine is off.</summary>
    /// <param name="drive">The drive.</param>
    /// <exception cref="VirtualMachineException">The machine is not off, or the drive is not connected to it.</exception>
    public void RemoveDvdDrive(DvdDrive drive)
    {
        ArgumentNullException.ThrowIfNull(drive);
        Parts.Drives.Remove(drive);
    }

    /// <summary>Adds a network card that is attached to no network. Only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.IllegalValue"/>: there are four already; the machine is not off; or the file could not be written.
    /// </exception>
    public NetworkCard AddNetworkCard() => Parts.NetworkCards.Add();

    /// <summary>Removes a network card. Only while the machine is off.</summary>
    /// <param name="card">The card.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: not a card of this machine; it is not off; or the file failed.
    /// </exception>
    public void RemoveNetworkCard(NetworkCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        Parts.NetworkCards.Remove(card);
    }

    /// <summary>Gives the machine a USB device of the host.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>; <see cref="VirtualMachineError.IntegrationComponentsNotAvailable"/>: the guest
    /// service is not up; <see cref="VirtualMachineError.IntegrationFeatureNotAvailable"/>: the machine's provider has no USB;
    /// <see cref="VirtualMachineError.UsbDeviceTaken"/>, <see cref="VirtualMachineError.UsbPortsTaken"/>,
    /// <see cref="VirtualMachineError.UsbAttachFailed"/>.
    /// </exception>
    public Task AttachUsbDeviceAsync(UsbDevice device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Parts.Usb.AttachAsync(device, cancellationToken);
    }

    /// <summary>Gives a USB device back to the host.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachineNotRunning"/>; <see cref="VirtualMachineError.UsbDetachFailed"/>: not attached to it.
    /// </exception>
    public Task DetachUsbDeviceAsync(UsbDevice device, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Parts.Usb.DetachAsync(device, cancellationToken);
    }

    /// <summary>Completes when the guest service is up and channels can start; faults when the machine stops first.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MachineNotRunning"/>: it is off, or stopped.</exception>
    public async Task WaitForChannelReadyAsync(CancellationToken cancellationToken) =>
        await (await Parts.Power.WaitForSessionAsync(cancellationToken)).WaitForReadyAsync(cancellationToken);

    /// <summary>
    /// Opens a communication channel: a pipe server on the host, a connection to 127.0.0.1 in the guest, and two bus channels between.
    /// </summary>
    /// <param name="hostEndpoint">The kind of the host's end; only <see cref="EndpointType.NamedPipe"/> is legal.</param>
    /// <param name="hostName">The pipe's name, <c>\\.\pipe\NAME</c>, at most 256 characters.</param>
    /// <param name="guestEndpoint">The kind of the guest's end; only <see cref="EndpointType.TcpIp"/> is legal.</param>
    /// <param name="guestName">The TCP port as text, 1 to 65535.</param>
    /// <param name="cancellationToken">Gives the channel up; nothing is left behind then.</param>
    /// <exception cref="VirtualMachineException">Refused; docs/channels.md has the order of the checks.</exception>
    public Task StartCommunicationChannelAsync(
        EndpointType hostEndpoint, string? hostName, EndpointType guestEndpoint, string? guestName, CancellationToken cancellationToken)
    {
        ChannelEndpoints endpoints = ChannelEndpoints.Parse(hostEndpoint, hostName, guestEndpoint, guestName);
        return Parts.Power.DemandSession().StartChannelAsync(endpoints, cancellationToken);
    }

    /// <summary>Gives a caller a keyboard of its own at this machine, whether or not it runs.</summary>
    public MachineKeyboard OpenKeyboard() => new(Parts.Access, OfRegistered(Parts.Keyboard));

    /// <summary>Gives a caller a mouse of its own at this machine, which runs.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public MachineMouse OpenMouse()
    {
        Parts.Power.Demand(MachineOperation.UseRunningDevices);
        return new MachineMouse(Parts.Access, Parts.Mouse);
    }

    /// <summary>Raises <see cref="StateChanged"/>.</summary>
    internal void OnStateChanged(MachineStateChangedEventArgs args) => StateChanged?.Invoke(this, args);

    /// <summary>Raises <see cref="ConfigurationChanged"/>.</summary>
    internal void OnConfigurationChanged(ConfigurationChangedEventArgs args) => ConfigurationChanged?.Invoke(this, args);

    /// <summary>Raises <see cref="Occurred"/>.</summary>
    internal void OnOccurred(MachineOccurrenceEventArgs args) => Occurred?.Invoke(this, args);

    private T OfRegistered<T>(T part)
    {
        Parts.Context.RequireRegistered();
        return part;
    }
}
