using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>One virtual machine: identity, power state, settings. One object a registered machine, for as long as the process lives.</summary>
/// <remarks>
/// All changes of state, and the changes of settings that depend on it, take their turn one after another (<c>turn</c>); no lock is held while a provider works. Reading never waits for a turn.
/// </remarks>
public sealed partial class VirtualMachine : IGuestOwner, IPeripheralOwner
{
    /// <summary>Serial ports of a machine, as many as the contract's sibling product has.</summary>
    public const int SerialPortCount = 2;

    /// <summary>Parallel ports of a machine, as many as the contract's sibling product has.</summary>
    public const int ParallelPortCount = 1;

    private readonly VirtualMachineHost host;
    private readonly ILogger logger;
    private readonly SerialEventQueue events;
    private readonly Turn turn;
    private readonly ActivationValueStore activationValues;
    private readonly FileValueStore configurationValues;

    private readonly MachineDisplay display;
    private readonly SerialPort[] serialPorts;
    private readonly ParallelPort[] parallelPorts;
    private readonly KeyboardState keyboard = new();
    private readonly MouseState mouse = new();

    private readonly Lock describing = new();
    private readonly Lock sync = new();
    private MachineFiles files;
    private MachineConfiguration configuration;
    private MachineState state;

    /// <summary>Counts the changes of <see cref="state"/>, so that who has looked at the files knows whether what was seen is still so.</summary>
    private int stateChanges;
    private MachineRun? run;
    private TaskCompletionSource<GuestSession>? sessionStarted;
    private bool registered = true;

    internal VirtualMachine(VirtualMachineHost host, MachineFiles files, MachineConfiguration configuration, Guid configurationId)
    {
        this.host = host;
        this.files = files;
        this.configuration = configuration;
        ConfigurationId = configurationId;
        state = OffState(files);
        turn = new Turn(host.TimeProvider);
        liveHardware = new Turn(host.TimeProvider);
        logger = host.LoggerFactory.CreateLogger<VirtualMachine>();
        events = new SerialEventQueue($"the machine '{files.Name}'", logger);
        activationValues = new ActivationValueStore(
            () => Name, () => StateRules.Refusal(MachineOperation.UseActivationValues, State) is null);
        configurationValues = new FileValueStore(
            () => Configuration.File, () => $"the machine '{Name}'", VirtualMachineError.InvalidArgument, OnValueChanged);
        GuestOS = new GuestOperatingSystem(this);
        display = new MachineDisplay(this);
        serialPorts = [.. Enumerable.Range(1, SerialPortCount).Select(
            number => new SerialPort(number, () => ReadSerialPort(number), settings => WriteSerialPort(number, settings)))];
        parallelPorts = [.. Enumerable.Range(1, ParallelPortCount).Select(number => new ParallelPort(
            number,
            () => Registered().Text(ConfigurationKeys.ParallelPortName(number)),
            name => Set(MachineOperation.ChangeFreeSetting, ConfigurationKeys.ParallelPortName(number), name)))];
    }

    /// <summary>The name; unique ignoring case, at most 80 characters. Set only while the machine is off; its files are renamed.</summary>
    /// <exception cref="VirtualMachineException">The name is not usable or taken, the machine is not off, or a file could not be renamed.</exception>
    public string Name
    {
        get => Files.Name;
        set
        {
            if (value is null)
            {
                throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"No new name was given for the machine '{Name}'.");
            }

            MachineNames.Check(value);
            InTurn(MachineOperation.ChangeLockedSetting, () =>
            {
                using IDisposable guard = TakeRunLock(VirtualMachineError.SettingLockedWhileActive);
                string oldName = Name;
                MachineFiles renamed = host.Catalogue.Rename(this, value);
                lock (sync)
                {
                    files = renamed;
                    configuration = host.Catalogue.OpenConfiguration(renamed.Configuration);
                }

                WriteDescription();
                MachineLog.MachineRenamed(logger, oldName, value);
            });
        }
    }

    /// <summary>The unique id, which never changes.</summary>
    public Guid ConfigurationId { get; }

    /// <summary>The full path of the .vmc file.</summary>
    public string ConfigurationFile => Files.Configuration;

    /// <summary>The state now.</summary>
    public MachineState State
    {
        get
        {
            while (true)
            {
                MachineFiles current;
                MachineState known;
                int changes;
                lock (sync)
                {
                    (current, known, changes) = (files, state, stateChanges);
                }

                if (known is not (MachineState.TurnedOff or MachineState.Saved))
                {
                    return known;
                }

                // Another process of the user may have saved the machine, or restored it.
                MachineState lasting = OffState(current);
                lock (sync)
                {
                    // A machine that was switched meanwhile may have made the file, or used it up.
                    if (changes == stateChanges)
                    {
                        return lasting;
                    }
                }
            }
        }
    }

    /// <summary>Whether this process runs the machine. Unlike <see cref="State"/>, this asks no file system.</summary>
    internal bool IsPoweredUp
    {
        get
        {
            lock (sync)
            {
                return state is not (MachineState.TurnedOff or MachineState.Saved);
            }
        }
    }

    /// <summary>Free text, at most 65,536 characters.</summary>
    /// <exception cref="VirtualMachineException">The text is too long, holds characters that no file can keep, or could not be written.</exception>
    public string Notes
    {
        get => Registered().Text(ConfigurationKeys.Notes);
        set
        {
            if (value is null || value.Length > MachineConfiguration.MaximumNotesLength)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument,
                    $"The notes of the machine '{Name}' can have 0 to {MachineConfiguration.MaximumNotesLength:N0} characters.");
            }

            Set(MachineOperation.ChangeFreeSetting, ConfigurationKeys.Notes, value);
            WriteDescription();
        }
    }

    /// <summary>
    /// Memory in megabytes, 4 to 3,712; 512 when the file does not say. While the machine runs, what it runs with, whatever has become of its file. Set only while
    /// the machine is off.
    /// </summary>
    /// <exception cref="VirtualMachineException">The number is out of range, the machine is not off, or the file could not be read or written.</exception>
    public int MemoryMegabytes
    {
        get
        {
            MachineConfiguration values = Registered();
            return Run?.MemoryMegabytes ?? values.Number(ConfigurationKeys.Memory, MachineConfiguration.DefaultMemoryMegabytes);
        }

        set
        {
            CheckMemory(value);
            Set(MachineOperation.ChangeLockedSetting, ConfigurationKeys.Memory, value);
            WriteDescription();
        }
    }

    /// <summary>Braced GUID text; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is no braced GUID, or the machine is not off.</exception>
    public string BiosGuid
    {
        get => Registered().Text(ConfigurationKeys.BiosGuid);
        set => Set(
            MachineOperation.ChangeFirmwareIdentity,
            ConfigurationKeys.BiosGuid,
            Guid.TryParseExact(value, "B", out Guid guid)
                ? FirmwareTexts.Format(guid)
                : throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument, $"'{value}' is no BIOS GUID. Its form is {{00000000-0000-0000-0000-000000000000}}."));
    }

    /// <summary>At most 32 characters; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string BiosSerialNumber
    {
        get => Registered().Text(ConfigurationKeys.BiosSerialNumber);
        set => SetFirmwareText(ConfigurationKeys.BiosSerialNumber, "BIOS serial number", value);
    }

    /// <summary>At most 32 characters; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string BaseBoardSerialNumber
    {
        get => Registered().Text(ConfigurationKeys.BaseBoardSerialNumber);
        set => SetFirmwareText(ConfigurationKeys.BaseBoardSerialNumber, "base board serial number", value);
    }

    /// <summary>At most 32 characters; empty until the first start ever. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string ChassisSerialNumber
    {
        get => Registered().Text(ConfigurationKeys.ChassisSerialNumber);
        set => SetFirmwareText(ConfigurationKeys.ChassisSerialNumber, "chassis serial number", value);
    }

    /// <summary>At most 32 characters; a machine has one from its creation or first registration. Set only while the machine is off.</summary>
    /// <exception cref="VirtualMachineException">The text is not usable, or the machine is not off.</exception>
    public string ChassisAssetTag
    {
        get => Registered().Text(ConfigurationKeys.ChassisAssetTag);
        set => SetFirmwareText(ConfigurationKeys.ChassisAssetTag, "chassis asset tag", value);
    }

    /// <summary>What happens to a running machine when the application ends.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/>: no such action (the contract answers E_POINTER); or the file could not be written.
    /// </exception>
    public ShutdownAction ShutdownActionOnQuit
    {
        get => EnumValue(ConfigurationKeys.ShutdownAction, ShutdownAction.Save);
        set => Set(
            MachineOperation.ChangeFreeSetting,
            ConfigurationKeys.ShutdownAction,
            Enum.IsDefined(value)
                ? (int)value
                : throw new VirtualMachineException(VirtualMachineError.MissingArgument, $"{(int)value} is no shutdown action. Use 0 (save), 1 (turn off) or 2 (shut down)."));
    }

    /// <summary>What happens to undo drives on power-off.</summary>
    /// <exception cref="VirtualMachineException">No such action, or the file could not be written.</exception>
    public UndoAction UndoAction
    {
        get => EnumValue(ConfigurationKeys.UndoAction, UndoAction.Keep);
        set => Set(
            MachineOperation.ChangeFreeSetting,
            ConfigurationKeys.UndoAction,
            Enum.IsDefined(value)
                ? (int)value
                : throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"{(int)value} is no undo action. Use 0 (discard), 1 (keep) or 2 (commit)."));
    }

    /// <summary>Whether writes go to undo drives. Set only while the machine is off; switching it off throws existing undo disks away.</summary>
    /// <exception cref="VirtualMachineException">The machine is not off, or the file could not be written.</exception>
    public bool Undoable
    {
        get => Registered().Flag(ConfigurationKeys.UndoEnabled, missing: false);
        set
        {
            InTurn(MachineOperation.ChangeLockedSetting, () =>
            {
                if (!value)
                {
                    DeleteUndoDisks();
                }

                Configuration.Set(ConfigurationKeys.UndoEnabled, value);
            });
            OnConfigurationChanged(ConfigurationKeys.UndoEnabled, value);
            WriteDescription();
        }
    }

    /// <summary>The full path of the saved state.</summary>
    /// <exception cref="VirtualMachineException">There is none.</exception>
    public string SavedStateFile
    {
        get
        {
            Demand(MachineOperation.ReadSavedStateFile);
            return Files.SavedState;
        }
    }

    /// <summary>The guest's operating system; exists whether or not the machine runs.</summary>
    public GuestOperatingSystem GuestOS { get; }

    /// <summary>The display; exists whether or not the machine runs.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered.</exception>
    public MachineDisplay Display => RegisteredOwn(display);

    /// <summary>The serial ports: two, whether or not the machine's provider gives it any.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered.</exception>
    public IReadOnlyList<SerialPort> SerialPorts => RegisteredOwn(serialPorts);

    /// <summary>The parallel ports: one.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered.</exception>
    public IReadOnlyList<ParallelPort> ParallelPorts => RegisteredOwn(parallelPorts);

    /// <summary>The lasting values of the .vmc file.</summary>
    public IValueStore ConfigurationValues
    {
        get
        {
            RequireRegistered();
            return configurationValues;
        }
    }

    /// <summary>Writes and removes several of the <see cref="ConfigurationValues"/> at once. When one is refused, nothing is changed.</summary>
    /// <param name="set">The slash paths and values to write, in order.</param>
    /// <param name="remove">The slash paths of the values that are removed afterwards.</param>
    /// <exception cref="VirtualMachineException">
    /// A key or the type of a value is not usable, there is no value to remove, the machine is no longer registered, or the file cannot be written.
    /// </exception>
    public void ChangeConfigurationValues(IEnumerable<(string? Key, object? Value)> set, IEnumerable<string?> remove)
    {
        RequireRegistered();
        configurationValues.Change(set, remove);
    }

    /// <summary>The running copy of the values, from start to power-off.</summary>
    public IValueStore ActivationValues
    {
        get
        {
            RequireRegistered();
            return activationValues;
        }
    }

    /// <summary>The name of the pipe to the guest's desktop, as <c>\\.\pipe\...</c>; unique a run.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public string RdpPipeName => DemandSession().RdpPipeName;

    /// <summary>The open communication channels and what they have carried.</summary>
    public IReadOnlyList<CommunicationChannelStatus> CommunicationChannels => Session?.Channels ?? [];

    /// <inheritdoc/>
    GuestSession? IGuestOwner.GuestSession => Session;

    /// <inheritdoc/>
    Task<MachineState> IGuestOwner.RunEnded => Run?.Finished ?? Task.FromResult(State);

    /// <inheritdoc/>
    GuestSession? IPeripheralOwner.GuestSession => Session;

    /// <inheritdoc/>
    IRunningMachine? IPeripheralOwner.RunningMachine
    {
        get
        {
            lock (sync)
            {
                return run?.Machine;
            }
        }
    }

    /// <inheritdoc/>
    TimeProvider IPeripheralOwner.TimeProvider => host.TimeProvider;

    /// <summary>The machine's files.</summary>
    internal MachineFiles Files
    {
        get
        {
            lock (sync)
            {
                return files;
            }
        }
    }

    private MachineConfiguration Configuration
    {
        get
        {
            lock (sync)
            {
                return configuration;
            }
        }
    }

    private GuestSession? Session
    {
        get
        {
            lock (sync)
            {
                return run?.Session;
            }
        }
    }

    /// <summary>Completes when the guest service is up and channels can start; faults when the machine stops first.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MachineNotRunning"/>: the machine is off, or stopped meanwhile.</exception>
    public async Task WaitForChannelReadyAsync(CancellationToken cancellationToken)
    {
        Task<GuestSession>? session;
        lock (sync)
        {
            // A machine that is turning on has no session yet, but will have.
            session = sessionStarted?.Task;
        }

        if (session is null)
        {
            Demand(MachineOperation.UseRunningDevices);
            throw NotRunning();
        }

        await (await session.WaitAsync(cancellationToken)).WaitForReadyAsync(cancellationToken);
    }

    /// <summary>Opens a communication channel: a pipe server on the host, a connection to 127.0.0.1 in the guest, and two bus channels between.</summary>
    /// <param name="hostEndpoint">The kind of the host's end; only <see cref="EndpointType.NamedPipe"/> is legal.</param>
    /// <param name="hostName">The pipe's name, <c>\\.\pipe\NAME</c>, at most 256 characters.</param>
    /// <param name="guestEndpoint">The kind of the guest's end; only <see cref="EndpointType.TcpIp"/> is legal.</param>
    /// <param name="guestName">The TCP port as text, 1 to 65535.</param>
    /// <param name="cancellationToken">Gives the channel up; nothing is left behind then.</param>
    /// <exception cref="VirtualMachineException">Refused; see section 12 of the behaviour page for the order of the checks.</exception>
    public Task StartCommunicationChannelAsync(
        EndpointType hostEndpoint, string? hostName, EndpointType guestEndpoint, string? guestName, CancellationToken cancellationToken)
    {
        ChannelEndpoints endpoints = ChannelEndpoints.Parse(hostEndpoint, hostName, guestEndpoint, guestName);
        return DemandSession().StartChannelAsync(endpoints, cancellationToken);
    }

    /// <summary>The state has changed. Handlers must be quick; they run in order, one at a time a machine, on no caller's thread.</summary>
    public event EventHandler<MachineStateChangedEventArgs>? StateChanged;

    /// <summary>A configuration value was set.</summary>
    public event EventHandler<ConfigurationChangedEventArgs>? ConfigurationChanged;

    /// <summary>Something happened in or to the guest.</summary>
    public event EventHandler<MachineOccurrenceEventArgs>? Occurred;

    /// <summary>Gives a caller a keyboard of its own at this machine, whether or not it runs.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered.</exception>
    public MachineKeyboard OpenKeyboard()
    {
        RequireRegistered();
        return new MachineKeyboard(this, keyboard);
    }

    /// <summary>Gives a caller a mouse of its own at this machine, which runs.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or not running.</exception>
    public MachineMouse OpenMouse()
    {
        Demand(MachineOperation.UseRunningDevices);
        return new MachineMouse(this, mouse);
    }

    /// <inheritdoc/>
    void IGuestOwner.RequireRegistered() => RequireRegistered();

    /// <inheritdoc/>
    void IPeripheralOwner.RequireRegistered() => RequireRegistered();

    /// <inheritdoc/>
    MachineTask IGuestOwner.StartTask(string description, Func<CancellationToken, Task> work)
    {
        RequireRegistered();
        return host.TaskList.Start(description, cancelable: false, (_, token) => work(token));
    }

    /// <summary>The machine is no longer in the catalogue: every later use is refused.</summary>
    internal void MarkUnregistered()
    {
        lock (sync)
        {
            registered = false;
        }
    }

    /// <summary>Reads the configuration, to see whether it can be used.</summary>
    /// <exception cref="VirtualMachineException">It cannot; the text says why.</exception>
    internal void CheckConfiguration() => Configuration.Check();

    /// <summary>Delivers the events that wait.</summary>
    internal Task DrainEventsAsync() => events.DrainAsync();

    /// <summary>Writes the .vmcx file, if something in it has changed.</summary>
    internal void WriteDescription()
    {
        MachineFiles current = Files;
        try
        {
            lock (describing)
            {
                XmlValueDocument values = Configuration.File.Current;
                MachineDescriptionFile.Write(
                    current, values, State, DiskInUse(values, DriveLocation.All[0]), DiskInUse(values, DriveLocation.All[1]), logger);
            }
        }
        catch (VirtualMachineException e)
        {
            MachineLog.DescriptionNotWritten(logger, current.Name, current.Description, e.Message);
        }
    }

    private static void CheckMemory(int megabytes)
    {
        if (megabytes is < MachineConfiguration.MinimumMemoryMegabytes or > MachineConfiguration.MaximumMemoryMegabytes)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"A machine's memory cannot be {megabytes} MB. It has {MachineConfiguration.MinimumMemoryMegabytes} to {MachineConfiguration.MaximumMemoryMegabytes} MB.");
        }
    }

    private void RequireRegistered()
    {
        lock (sync)
        {
            if (!registered)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.MachineUnknown, $"The machine '{files.Name}' is no longer registered. Look it up anew.");
            }
        }
    }

    private T RegisteredOwn<T>(T part)
    {
        RequireRegistered();
        return part;
    }

    private MachineConfiguration Registered()
    {
        RequireRegistered();
        return Configuration;
    }

    private void Demand(MachineOperation operation)
    {
        RequireRegistered();
        StateRules.Demand(operation, State, Name);
    }

    private GuestSession DemandSession()
    {
        Demand(MachineOperation.UseRunningDevices);

        // The machine may have stopped since.
        return Session ?? throw NotRunning();
    }

    private VirtualMachineException NotRunning() =>
        new(VirtualMachineError.MachineNotRunning, $"The machine '{Name}' is not running. Start it first.");

    private T EnumValue<T>(string key, T missing)
        where T : struct, Enum
    {
        object value = Enum.ToObject(typeof(T), Registered().Number(key, Convert.ToInt32(missing, null)));
        return Enum.IsDefined((T)value) ? (T)value : missing;
    }

    private void SetFirmwareText(string key, string what, string? text)
    {
        if (!FirmwareTexts.IsUsable(text))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"'{text}' is no {what}: it has 1 to {FirmwareTexts.MaximumLength} printable ASCII characters and no backslash.");
        }

        Set(MachineOperation.ChangeFirmwareIdentity, key, text!);
    }

    private void Set(MachineOperation operation, string key, object value)
    {
        if (operation == MachineOperation.ChangeFreeSetting)
        {
            Demand(operation);
            Configuration.Set(key, value);
        }
        else
        {
            InTurn(operation, () => Configuration.Set(key, value));
        }

        OnConfigurationChanged(key, value);
    }

    private SerialPortSettings ReadSerialPort(int number) => SerialPortKeys.Read(ReadValues(), number, Files.Folder);

    private void WriteSerialPort(int number, SerialPortSettings settings)
    {
        Demand(MachineOperation.ChangeFreeSetting);
        if (serialPorts.FirstOrDefault(other => other.Number != number && other.Settings.SharesEndWith(settings)) is { } taken)
        {
            throw new VirtualMachineException(
                VirtualMachineError.IllegalValue, $"The serial port COM{taken.Number} of the machine '{Name}' uses {settings.Name} already. Configure that one first.");
        }

        foreach ((string key, object value) in Configuration.File.Update(document => SerialPortKeys.Write(document, number, settings)))
        {
            OnConfigurationChanged(key, value);
        }

        MachineRun? current;
        lock (sync)
        {
            current = run;
        }

        _ = current?.SerialLines.ConnectAsync(number, settings);
    }

    /// <summary>
    /// Plugs the serial ports of a machine in that has just started. Settings that a hand wrote into the file are checked as a caller's are; one that cannot be
    /// used or read leaves its port loose.
    /// </summary>
    private void ConnectSerialPorts(MachineRun started)
    {
        foreach (SerialPort port in serialPorts)
        {
            SerialPortSettings settings = SerialPortSettings.None;
            try
            {
                settings = port.Settings;
                _ = started.SerialLines.ConnectAsync(port.Number, SerialPortSettings.Check(settings.Type, settings.Name, settings.ConnectImmediately));
            }
            catch (VirtualMachineException e)
            {
                MachineLog.SerialPortNotConnected(logger, Name, port.Number, settings.Name, e.Message);
            }
        }
    }

    /// <summary>Any value may have been set, also one that the description shows.</summary>
    private void OnValueChanged(string key, object? value)
    {
        OnConfigurationChanged(key, value);
        WriteDescription();
    }

    private void OnConfigurationChanged(string key, object? value) =>
        events.Post(() => ConfigurationChanged?.Invoke(this, new ConfigurationChangedEventArgs(key, value)));

    private static MachineState OffState(MachineFiles files) => File.Exists(files.SavedState) ? MachineState.Saved : MachineState.TurnedOff;
}
