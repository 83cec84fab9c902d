using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// What the parts of one machine share: its files and configuration, whether it is still registered, its events, and the application it
/// belongs to.
/// </summary>
internal sealed class MachineContext
{
    /// <summary>
    /// Guards <see cref="files"/>, <see cref="configuration"/> and <see cref="registered"/>. Nothing else is called under it.
    /// </summary>
    private readonly Lock sync = new();

    private MachineFiles files;
    private MachineConfiguration configuration;
    private bool registered = true;

    /// <summary>Makes the shared part of a registered machine.</summary>
    /// <param name="machine">The machine that callers see; the sender of its events and the owner of its disks.</param>
    /// <param name="host">The application.</param>
    /// <param name="files">The machine's files.</param>
    /// <param name="configuration">Its configuration, which need not be without faults.</param>
    public MachineContext(VirtualMachine machine, VirtualMachineHost host, MachineFiles files, MachineConfiguration configuration)
    {
        Machine = machine;
        Host = host;
        this.files = files;
        this.configuration = configuration;
        Logger = host.LoggerFactory.CreateLogger<VirtualMachine>();
        Events = new SerialEventQueue($"the machine '{files.Name}'", Logger);
    }

    /// <summary>The machine that callers see.</summary>
    public VirtualMachine Machine { get; }

    /// <summary>The application.</summary>
    public VirtualMachineHost Host { get; }

    /// <summary>Where messages go.</summary>
    public ILogger Logger { get; }

    /// <summary>Raises the machine's events, and those of its parts, in order.</summary>
    public SerialEventQueue Events { get; }

    /// <summary>The machine's files. They change when it is renamed.</summary>
    public MachineFiles Files
    {
        get
        {
            lock (sync)
            {
                return files;
            }
        }
    }

    /// <summary>The machine's name.</summary>
    public string Name => Files.Name;

    /// <summary>The configuration, whether or not the machine is still registered.</summary>
    public MachineConfiguration Configuration
    {
        get
        {
            lock (sync)
            {
                return configuration;
            }
        }
    }

    /// <summary>The configuration of a machine that is registered.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MachineUnknown"/>: it no longer is.</exception>
    public MachineConfiguration RegisteredConfiguration
    {
        get
        {
            RequireRegistered();
            return Configuration;
        }
    }

    /// <summary>The values of the .vmc file, as they are now.</summary>
    /// <exception cref="VirtualMachineException">The machine is no longer registered, or its file could not be read.</exception>
    public XmlValueDocument Values => RegisteredConfiguration.File.Current;

    /// <summary>Refuses when the machine is no longer registered.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MachineUnknown"/>.</exception>
    public void RequireRegistered()
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

    /// <summary>Makes <see cref="RequireRegistered"/> refuse from now on.</summary>
    public void MarkUnregistered()
    {
        lock (sync)
        {
            registered = false;
        }
    }

    /// <summary>The machine has been renamed.</summary>
    /// <param name="renamed">Its files from now on.</param>
    /// <param name="reopened">The configuration in them.</param>
    public void Rename(MachineFiles renamed, MachineConfiguration reopened)
    {
        lock (sync)
        {
            files = renamed;
            configuration = reopened;
        }
    }

    /// <summary>Takes the lock that keeps other processes from running the machine.</summary>
    /// <param name="refusal">The error when another process has it.</param>
    /// <exception cref="VirtualMachineException">Another process has it.</exception>
    public FileUseLock TakeRunLock(VirtualMachineError refusal) => Host.Catalogue.TryTakeRunLock(Files)
        ?? throw new VirtualMachineException(
            refusal,
            $"The machine '{Name}' ({Files.Configuration}) is in use by another process (vpc or vpcctl, perhaps with another data folder). "
                + "Turn it off there first.");

    /// <summary>Deletes the saved state.</summary>
    /// <exception cref="VirtualMachineException">The file could not be deleted.</exception>
    public void DeleteSavedState()
    {
        string file = Files.SavedState;
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (StorageErrors.IsStorageError(e))
        {
            throw StorageErrors.Translate(e, $"The saved state {file} could not be deleted");
        }
    }

    /// <summary>Raises <see cref="VirtualMachine.ConfigurationChanged"/>.</summary>
    /// <param name="key">The value's path.</param>
    /// <param name="value">The value; null when it was removed.</param>
    public void RaiseConfigurationChanged(string key, object? value) =>
        Events.Post(() => Machine.OnConfigurationChanged(new ConfigurationChangedEventArgs(key, value)));

    /// <summary>Raises <see cref="VirtualMachine.Occurred"/>, and the application's event of the same.</summary>
    /// <param name="occurrence">What happened.</param>
    /// <param name="detail">More of it; see <see cref="MachineOccurrence"/>.</param>
    public void RaiseOccurred(MachineOccurrence occurrence, int detail = 0) => Events.Post(() =>
    {
        MachineOccurrenceEventArgs args = new(Machine, occurrence, detail);
        Machine.OnOccurred(args);
        Host.RaiseMachineOccurred(args);
    });

    /// <summary>Raises <see cref="VirtualMachine.StateChanged"/>, and the application's event of the same.</summary>
    /// <param name="state">The new state.</param>
    public void RaiseStateChanged(MachineState state) => Events.Post(() =>
    {
        MachineStateChangedEventArgs args = new(Machine, state);
        Machine.OnStateChanged(args);
        Host.RaiseMachineStateChanged(args);
    });
}
