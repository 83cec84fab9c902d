using System.Globalization;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.PhysicalHost;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.SupportDrivers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines;

/// <summary>The application: a user's catalogue of machines and all that runs of it. Safe for use by many threads.</summary>
public sealed partial class VirtualMachineHost : IAsyncDisposable
{
    /// <summary>The machine that is there on first use, so that the programs written for Windows 7 find theirs.</summary>
    public const string FirstMachineName = "Windows XP Mode";

    /// <summary>The most machines that are powered up at once.</summary>
    public const int MaximumRunningMachines = 64;

    private const string ProductName = "Windows Virtual PC";

    /// <summary>The provider of the first machine, when there is one of that name.</summary>
    private const string FirstMachineProvider = "emulated";

    /// <summary>Build type 0 (a release) and edition: the contract's <c>tee</c>.</summary>
    private const string BuildTypeAndEdition = "0EE";

    private readonly VirtualMachineHostOptions options;
    private readonly ILogger logger;
    private readonly long startedAt;
    private readonly SerialEventQueue events;
    private readonly ApplicationPreferences preferences;
    private int closing;

    private VirtualMachineHost(VirtualMachineHostOptions options)
    {
        if (options.Providers.Count == 0)
        {
            throw new ArgumentException("At least one machine provider is needed.", nameof(options));
        }

        this.options = options;
        startedAt = options.TimeProvider.GetTimestamp();
        logger = options.LoggerFactory.CreateLogger<VirtualMachineHost>();
        events = new SerialEventQueue("the application", logger);
        TaskList = new MachineTaskList(options.TimeProvider, OnActivityChanged);
        Computer = new HostComputer(options.HostSystem, options.TimeProvider);
        VirtualNetworkList = new VirtualNetworkList(this);
        UsbDeviceList = new UsbDeviceList(Computer);
        SupportDrivers = [.. options.Providers.Select(SupportDriver.Of)];
        try
        {
            Directory.CreateDirectory(options.DataFolder);
            Catalogue = new MachineCatalogue(this, options.DataFolder);
            Disks = new HardDiskList(this, new DiskLeases(Catalogue.LockFolder));
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The data folder {options.DataFolder} could not be made");
        }

        preferences = new ApplicationPreferences(Catalogue, options.DataFolder, logger);
    }

    /// <summary>The product's name.</summary>
    public string Name { get; } = ProductName;

    /// <summary>The product's version, <c>major.minor.build.tee</c>: t the build type (0 for a release), ee the edition.</summary>
    public string Version { get; } = ReadVersion();

    /// <summary>How long the application has run.</summary>
    public TimeSpan UpTime => options.TimeProvider.GetElapsedTime(startedAt);

    /// <summary>The registered machines, by name.</summary>
    public IReadOnlyList<VirtualMachine> VirtualMachines => Catalogue.Machines;

    /// <summary>Registered machines whose files cannot be read.</summary>
    public IReadOnlyList<CatalogueProblem> Problems => Catalogue.Problems;

    /// <summary>The tasks that run, and those that ended lately: the last 100, for ten minutes.</summary>
    public IReadOnlyList<MachineTask> Tasks => TaskList.Snapshot;

    /// <summary>Whether a machine is powered up or a task runs: the process must not end then.</summary>
    public bool IsBusy => TaskList.AnyRunning || Catalogue.Loaded.Any(machine => machine.Parts.Power.IsPoweredUp);

    /// <summary>The user's preferences (Options.xml).</summary>
    public IValueStore Preferences => preferences.Values;

    /// <summary>How long the process may idle before it ends: the preference <c>idle_timeout</c>, 1 s to a day, 30 s by default.</summary>
    public TimeSpan IdleTimeout => preferences.IdleTimeout;

    /// <summary>The folder in which configurations are made and looked for.</summary>
    /// <exception cref="VirtualMachineException">The folder is missing, or its path is not usable.</exception>
    public string DefaultConfigurationPath
    {
        get => preferences.ConfigurationPath;
        set => preferences.ConfigurationPath = value;
    }

    /// <summary>Where messages go.</summary>
    internal ILoggerFactory LoggerFactory => options.LoggerFactory;

    /// <summary>The clock.</summary>
    internal TimeProvider TimeProvider => options.TimeProvider;

    /// <summary>The registered machines and their files.</summary>
    internal MachineCatalogue Catalogue { get; }

    /// <summary>The tasks.</summary>
    internal MachineTaskList TaskList { get; }

    /// <summary>Opens the user's catalogue. On first use a machine "Windows XP Mode" is made, unless the options say otherwise.</summary>
    /// <param name="options">What it is built from.</param>
    /// <exception cref="VirtualMachineException">The data folder cannot be used.</exception>
    public static VirtualMachineHost Open(VirtualMachineHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        VirtualMachineHost host = new(options);
        MachineLog.ApplicationStarted(host.logger, host.Name, host.Version, options.DataFolder);
        if (options.MakesFirstMachine && !host.Catalogue.WasEverUsed)
        {
            host.MakeFirstMachine();
        }

        return host;
    }

    /// <summary>Looks a machine up by name, ignoring case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The machine, or null.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MissingArgument"/>: no machine can have such a name (the contract answers E_POINTER).
    /// </exception>
    public VirtualMachine? FindVirtualMachine(string? name)
    {
        try
        {
            MachineNames.Check(name ?? string.Empty);
        }
        catch (VirtualMachineException e)
        {
            throw new VirtualMachineException(VirtualMachineError.MissingArgument, $"There is no name to look for. {e.Message}", e);
        }

        return VirtualMachines.FirstOrDefault(machine => MachineNames.Comparer.Equals(machine.Name, name));
    }

    /// <summary>Makes and registers a machine.</summary>
    /// <param name="name">Its name; when null or empty, the path names the file.</param>
    /// <param name="path">Its folder, which is made when it is missing, or the full path of its .vmc file.</param>
    /// <exception cref="VirtualMachineException">
    /// The first refusal in the contract's order: name, duplicate, path, existing file.
    /// </exception>
    public VirtualMachine CreateVirtualMachine(string? name, string? path)
    {
        DemandOpen();
        return Catalogue.Create(name, path, provider: null);
    }

    /// <summary>
    /// Makes and registers a machine, and completes it. When that fails, nothing of the machine stays: no file, no new folder, no
    /// registration.
    /// </summary>
    /// <param name="name">Its name; when null or empty, the path names the file.</param>
    /// <param name="path">The folder of its files, which is made when it is missing, or the full path of its .vmc file.</param>
    /// <param name="complete">Gives the machine what it is to have.</param>
    /// <exception cref="VirtualMachineException">
    /// The first refusal in the contract's order, or that of <paramref name="complete"/>.
    /// </exception>
    public VirtualMachine CreateVirtualMachine(string? name, string? path, Action<VirtualMachine> complete)
    {
        ArgumentNullException.ThrowIfNull(complete);
        DemandOpen();
        return Catalogue.Create(name, path, provider: null, complete);
    }

    /// <summary>Registers an existing configuration.</summary>
    /// <param name="name">Its name, with or without <c>.vmc</c>; when null or empty, the path names the file.</param>
    /// <param name="path">Its folder, or the full path of its .vmc file.</param>
    /// <exception cref="VirtualMachineException">The first refusal in the contract's order, or the file is damaged.</exception>
    public VirtualMachine RegisterVirtualMachine(string? name, string? path)
    {
        DemandOpen();
        return Catalogue.Register(name, path);
    }

    /// <summary>Forgets a machine and leaves its files.</summary>
    /// <param name="machine">The machine.</param>
    /// <exception cref="VirtualMachineException">It is not registered any more, or is running.</exception>
    public void UnregisterVirtualMachine(VirtualMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Catalogue.Unregister(machine);
    }

    /// <summary>Deletes a machine's configuration, saved state and undo data.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>False when its configuration was not there any more.</returns>
    /// <exception cref="VirtualMachineException">It is not registered any more, or is running, or a file could not be deleted.</exception>
    public bool DeleteVirtualMachine(VirtualMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return Catalogue.Delete(machine);
    }

    /// <summary>A machine's state has changed. Handlers must be quick; those of one machine run in order, on no caller's thread.</summary>
    public event EventHandler<MachineStateChangedEventArgs>? MachineStateChanged;

    /// <summary>Something happened in or to a guest.</summary>
    public event EventHandler<MachineOccurrenceEventArgs>? MachineOccurred;

    /// <summary><see cref="IsBusy"/> may have changed.</summary>
    public event EventHandler? BusyChanged;

    /// <summary>
    /// Ends what runs by each machine's <see cref="VirtualMachine.ShutdownActionOnQuit"/>. What has not ended after two minutes is turned
    /// off by force. New starts are refused from now on. The providers are disposed when the machines have ended.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closing, 1) != 0)
        {
            return;
        }

        foreach (MachineTask task in TaskList.Snapshot)
        {
            task.TryCancel();
        }

        IReadOnlyList<VirtualMachine> machines = Catalogue.Loaded;
        try
        {
            await Task.WhenAll(machines.Select(machine => machine.Parts.Quit.EndAsync())).WaitAsync(LifecycleLimits.Quit, TimeProvider);
        }
        catch (Exception e) when (e is TimeoutException or VirtualMachineException)
        {
            foreach (VirtualMachine machine in machines)
            {
                await machine.Parts.Lifecycle.ForceOffAsync(e);
            }
        }

        await Task.WhenAll(options.Providers.Select(DisposeProviderAsync));
        MachineLog.ApplicationStopped(logger, Name);
        try
        {
            await Task.WhenAll([events.DrainAsync(), .. machines.Select(machine => machine.Parts.Context.Events.DrainAsync())])
                .WaitAsync(LifecycleLimits.DeliverEvents, TimeProvider);
        }
        catch (TimeoutException)
        {
            // A handler hangs; the process must not.
        }
    }

    /// <summary>Refuses when the application is ending.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.ApplicationShuttingDown"/>.</exception>
    internal void DemandOpen()
    {
        if (Volatile.Read(ref closing) != 0)
        {
            throw new VirtualMachineException(VirtualMachineError.ApplicationShuttingDown, $"{Name} is ending. Start it anew.");
        }
    }

    /// <summary>Refuses when as many machines run as can.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.TooManyMachines"/>.</exception>
    internal void DemandRoomForAnotherMachine()
    {
        if (Catalogue.Loaded.Count(machine => machine.Parts.Power.IsPoweredUp) >= MaximumRunningMachines)
        {
            throw new VirtualMachineException(
                VirtualMachineError.TooManyMachines,
                $"{MaximumRunningMachines} machines are running; no more are possible. Turn one off first.");
        }
    }

    /// <summary>Answers which provider runs a machine.</summary>
    /// <param name="machineName">The machine, for the error text.</param>
    /// <param name="providerName">What its configuration says; empty for the default provider.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.ProviderFailed"/>: there is none of that name.</exception>
    internal IMachineProvider ProviderOf(string machineName, string providerName) => providerName.Length == 0
        ? options.Providers[0]
        : options.Providers.FirstOrDefault(provider => string.Equals(provider.Name, providerName, StringComparison.OrdinalIgnoreCase))
            ?? throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed,
                $"The machine '{machineName}' wants the provider '{providerName}' ({ConfigurationKeys.Provider} in its .vmc file), which "
                    + $"this program does not have. It has: {string.Join(", ", options.Providers.Select(provider => provider.Name))}.");

    /// <summary>Reports a machine's new state. Called in order by the machine's queue.</summary>
    internal void RaiseMachineStateChanged(MachineStateChangedEventArgs args) => MachineStateChanged?.Invoke(this, args);

    /// <summary>Reports what happened in or to a guest. Called in order by the machine's queue.</summary>
    internal void RaiseMachineOccurred(MachineOccurrenceEventArgs args) => MachineOccurred?.Invoke(this, args);

    /// <summary>A machine's state has changed, or a task has begun or ended.</summary>
    internal void OnActivityChanged() => events.Post(() => BusyChanged?.Invoke(this, EventArgs.Empty));

    private static string ReadVersion()
    {
        Version version = typeof(VirtualMachineHost).Assembly.GetName().Version ?? new Version(1, 0, 0);
        return string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}.{version.Build}.{BuildTypeAndEdition}");
    }

    private async Task DisposeProviderAsync(IMachineProvider provider)
    {
        try
        {
            await provider.DisposeAsync().AsTask().WaitAsync(LifecycleLimits.ReleaseProvider, TimeProvider);
        }
#pragma warning disable CA1031 // The machines have ended, and the application does, whatever a provider leaves behind.
        catch (Exception e)
#pragma warning restore CA1031
        {
            MachineLog.ProviderNotReleased(logger, e, provider.Name, e.Message);
        }
    }

    private void MakeFirstMachine()
    {
        string folder = DefaultConfigurationPath;
        string? provider = options.Providers.Any(known => known.Name == FirstMachineProvider) ? FirstMachineProvider : null;
        try
        {
            Catalogue.Create(FirstMachineName, folder, provider);
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.AlreadyExists)
        {
            // Its files have outlived the list of registered machines.
            Catalogue.Register(FirstMachineName, folder);
        }
        catch (VirtualMachineException e) when (e.Error == VirtualMachineError.ConfigurationDuplicateName)
        {
            // Another process of the user was faster.
        }
    }
}
