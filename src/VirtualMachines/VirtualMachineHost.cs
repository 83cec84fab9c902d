using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines;

/// <summary>The application: a user's catalogue of machines and all that runs of it. Safe for use by many threads.</summary>
public sealed class VirtualMachineHost : IAsyncDisposable
{
    private VirtualMachineHost() { }

    /// <summary>Opens the user's catalogue. On first use a machine "Windows XP Mode" is made.</summary>
    public static VirtualMachineHost Open(VirtualMachineHostOptions options) => throw new NotImplementedException();

    /// <summary>The product's name.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>The product's version, <c>major.minor.build.tee</c>.</summary>
    public string Version => throw new NotImplementedException();

    /// <summary>How long the application has run.</summary>
    public TimeSpan UpTime => throw new NotImplementedException();

    /// <summary>The registered machines, by name.</summary>
    public IReadOnlyList<VirtualMachine> VirtualMachines => throw new NotImplementedException();

    /// <summary>Registered machines whose files cannot be read.</summary>
    public IReadOnlyList<CatalogueProblem> Problems => throw new NotImplementedException();

    /// <summary>The tasks that run, and those that ended lately.</summary>
    public IReadOnlyList<MachineTask> Tasks => throw new NotImplementedException();

    /// <summary>Whether a machine is powered up or a task runs: the process must not end then.</summary>
    public bool IsBusy => throw new NotImplementedException();

    /// <summary>The user's preferences (Options.xml).</summary>
    public IValueStore Preferences => throw new NotImplementedException();

    /// <summary>How long the process may idle before it ends.</summary>
    public TimeSpan IdleTimeout => throw new NotImplementedException();

    /// <summary>The folder in which configurations are made and looked for.</summary>
    public string DefaultConfigurationPath { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>Looks a machine up by name, ignoring case.</summary>
    /// <returns>The machine, or null.</returns>
    public VirtualMachine? FindVirtualMachine(string? name) => throw new NotImplementedException();

    /// <summary>Makes and registers a machine.</summary>
    public VirtualMachine CreateVirtualMachine(string? name, string? path) => throw new NotImplementedException();

    /// <summary>Registers an existing configuration.</summary>
    public VirtualMachine RegisterVirtualMachine(string? name, string? path) => throw new NotImplementedException();

    /// <summary>Forgets a machine and leaves its files.</summary>
    public void UnregisterVirtualMachine(VirtualMachine machine) => throw new NotImplementedException();

    /// <summary>Deletes a machine's configuration, saved state and undo data.</summary>
    /// <returns>False when its configuration was not there any more.</returns>
    public bool DeleteVirtualMachine(VirtualMachine machine) => throw new NotImplementedException();

    /// <summary>A machine's state has changed.</summary>
    public event EventHandler<MachineStateChangedEventArgs>? MachineStateChanged { add { } remove { } }

    /// <summary>Something happened in or to a guest.</summary>
    public event EventHandler<MachineOccurrenceEventArgs>? MachineOccurred { add { } remove { } }

    /// <summary><see cref="IsBusy"/> may have changed.</summary>
    public event EventHandler? BusyChanged { add { } remove { } }

    /// <summary>Ends what runs by each machine's <see cref="VirtualMachine.ShutdownActionOnQuit"/>.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
