using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// What the guest's operating system, the display, the keyboard, the mouse and the ports need of the machine that they belong to.
/// </summary>
internal interface IMachineAccess
{
    /// <summary>The machine's name, for texts.</summary>
    string Name { get; }

    /// <summary>The machine's state now.</summary>
    MachineState State { get; }

    /// <summary>The machine of this run, or null while it is off.</summary>
    IRunningMachine? RunningMachine { get; }

    /// <summary>The session with the guest of this run, or null while the machine is off.</summary>
    GuestSession? GuestSession { get; }

    /// <summary>
    /// Completes when the run of the machine that is under way has ended and the machine shows so, with the state that lasts; at once when
    /// it is off.
    /// </summary>
    Task<MachineState> RunEnded { get; }

    /// <summary>The lasting values of the .vmc file.</summary>
    IValueStore ConfigurationValues { get; }

    /// <summary>The clock.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>The folder in which discs of the integration components are.</summary>
    string IntegrationMediaFolder { get; }

    /// <summary>Puts a disc of the integration components into a DVD drive of the machine, in place of another one of them.</summary>
    /// <param name="disc">The disc.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.DriveInvalid"/>: no DVD drive is empty; <see cref="VirtualMachineError.MediaUnmountFailed"/>: the
    /// other one could not be taken out.
    /// </exception>
    void InsertIntegrationDisc(IntegrationDisc disc);

    /// <summary>Refuses when the machine is no longer registered.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MachineUnknown"/>.</exception>
    void RequireRegistered();

    /// <summary>
    /// Runs work as a task of this machine. A <see cref="VirtualMachineException"/> that it throws becomes the task's error.
    /// </summary>
    /// <param name="description">What is being done, on what.</param>
    /// <param name="work">The work.</param>
    MachineTask StartTask(string description, Func<CancellationToken, Task> work);
}
