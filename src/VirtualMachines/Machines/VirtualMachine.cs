using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>One virtual machine: identity, power state, settings. One object a registered machine, for as long as the process lives.</summary>
public sealed class VirtualMachine
{
    internal VirtualMachine() { }

    /// <summary>The name; unique ignoring case, at most 80 characters. Set only while the machine is off.</summary>
    public string Name { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>The unique id, which never changes.</summary>
    public Guid ConfigurationId => throw new NotImplementedException();

    /// <summary>The full path of the .vmc file.</summary>
    public string ConfigurationFile => throw new NotImplementedException();

    /// <summary>The state now.</summary>
    public MachineState State => throw new NotImplementedException();

    /// <summary>Free text, at most 65,536 characters.</summary>
    public string Notes { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>Memory in megabytes, 4 to 3,712. Set only while the machine is off.</summary>
    public int MemoryMegabytes { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>Braced GUID text.</summary>
    public string BiosGuid { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>At most 32 characters.</summary>
    public string BiosSerialNumber { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>At most 32 characters.</summary>
    public string BaseBoardSerialNumber { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>At most 32 characters.</summary>
    public string ChassisSerialNumber { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>At most 32 characters; a machine has one from its creation or first registration.</summary>
    public string ChassisAssetTag { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>What happens to a running machine when the application ends.</summary>
    public ShutdownAction ShutdownActionOnQuit { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>What happens to undo drives on power-off.</summary>
    public UndoAction UndoAction { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>Whether writes go to undo drives. Set only while the machine is off.</summary>
    public bool Undoable { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>The full path of the saved state.</summary>
    /// <exception cref="VirtualMachineException">There is none.</exception>
    public string SavedStateFile => throw new NotImplementedException();

    /// <summary>The guest's operating system; exists whether or not the machine runs.</summary>
    public GuestOperatingSystem GuestOS => throw new NotImplementedException();

    /// <summary>The lasting values of the .vmc file.</summary>
    public IValueStore ConfigurationValues => throw new NotImplementedException();

    /// <summary>The running copy of the values, from start to power-off.</summary>
    public IValueStore ActivationValues => throw new NotImplementedException();

    /// <summary>The name of the pipe to the guest's desktop, as <c>\\.\pipe\...</c>; unique a run.</summary>
    /// <exception cref="VirtualMachineException">The machine is not running.</exception>
    public string RdpPipeName => throw new NotImplementedException();

    /// <summary>The open communication channels and what they have carried.</summary>
    public IReadOnlyList<CommunicationChannelStatus> CommunicationChannels => throw new NotImplementedException();

    /// <summary>Completes when the guest service is up and channels can start; faults when the machine stops first.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForChannelReadyAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Boots the machine, or restores its saved state.</summary>
    public MachineTask Startup(StartupOption option) => throw new NotImplementedException();

    /// <summary>Pulls the plug.</summary>
    public MachineTask TurnOff() => throw new NotImplementedException();

    /// <summary>Saves the guest's state and ends the machine.</summary>
    public MachineTask Save() => throw new NotImplementedException();

    /// <summary>Presses the reset button.</summary>
    public MachineTask Reset() => throw new NotImplementedException();

    /// <summary>Stops the guest's processor.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Lets a paused machine go on.</summary>
    public Task ResumeAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Throws the saved state away.</summary>
    public void DiscardSavedState() => throw new NotImplementedException();

    /// <summary>Opens a communication channel: a pipe server on the host, a connection to 127.0.0.1 in the guest, and two bus channels between.</summary>
    /// <param name="hostEndpoint">The kind of the host's end; only <see cref="EndpointType.NamedPipe"/> is legal.</param>
    /// <param name="hostName">The pipe's name, <c>\\.\pipe\NAME</c>, at most 256 characters.</param>
    /// <param name="guestEndpoint">The kind of the guest's end; only <see cref="EndpointType.TcpIp"/> is legal.</param>
    /// <param name="guestName">The TCP port as text, 1 to 65535.</param>
    /// <param name="cancellationToken">Gives the channel up; nothing is left behind then.</param>
    /// <exception cref="VirtualMachineException">Refused; see section 12 of the behaviour page for the order of the checks.</exception>
    public Task StartCommunicationChannelAsync(
        EndpointType hostEndpoint, string? hostName, EndpointType guestEndpoint, string? guestName, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>The state has changed. Handlers must be quick; they run in order on one thread a machine.</summary>
    public event EventHandler<MachineStateChangedEventArgs>? StateChanged { add { } remove { } }

    /// <summary>A configuration value was set.</summary>
    public event EventHandler<ConfigurationChangedEventArgs>? ConfigurationChanged { add { } remove { } }

    /// <summary>Something happened in or to the guest.</summary>
    public event EventHandler<MachineOccurrenceEventArgs>? Occurred { add { } remove { } }
}
