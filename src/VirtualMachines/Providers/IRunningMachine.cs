namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// A machine that has been powered up by a provider. Disposing it turns it off, if it has not ended, and leaves nothing behind.
/// </summary>
public interface IRunningMachine : IAsyncDisposable
{
    /// <summary>Completes, and never faults, when the machine has stopped executing for whatever reason.</summary>
    Task<MachineEnd> Ended { get; }

    /// <summary>What the machine can do; it does not change while the machine runs.</summary>
    MachineCapabilities Capabilities { get; }

    /// <summary>The display of a machine with <see cref="MachineCapabilities.Display"/>.</summary>
    IDisplayDevice Display => throw Missing(MachineCapabilities.Display);

    /// <summary>The keyboard of a machine with <see cref="MachineCapabilities.Keyboard"/>.</summary>
    IKeyboardDevice Keyboard => throw Missing(MachineCapabilities.Keyboard);

    /// <summary>The mouse of a machine with <see cref="MachineCapabilities.Mouse"/>.</summary>
    IMouseDevice Mouse => throw Missing(MachineCapabilities.Mouse);

    /// <summary>The serial ports, COM1 first; as many as the provider gives its machines.</summary>
    IReadOnlyList<ISerialDevice> SerialPorts => [];

    /// <summary>The drives of a machine with <see cref="MachineCapabilities.MediaChange"/>.</summary>
    IRemovableDrives RemovableDrives => throw Missing(MachineCapabilities.MediaChange);

    /// <summary>The network cables of a machine with <see cref="MachineCapabilities.NetworkCables"/>.</summary>
    INetworkCables NetworkCables => throw Missing(MachineCapabilities.NetworkCables);

    /// <summary>The USB of a machine with <see cref="MachineCapabilities.Usb"/>.</summary>
    IUsbController Usb => throw Missing(MachineCapabilities.Usb);

    /// <summary>What measures a machine with <see cref="MachineCapabilities.Usage"/>.</summary>
    IUsageMeter UsageMeter => throw Missing(MachineCapabilities.Usage);

    /// <summary>
    /// Waits for the guest service to come up at the other end of the machine's bus device and returns the byte link to it. Called again
    /// after a link was lost, because the guest rebooted or its service restarted.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The link. The caller disposes it before it asks for the next one.</returns>
    /// <exception cref="IOException">The machine has ended.</exception>
    Task<Stream> ConnectBusAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the guest's processor has met a fatal error (a triple fault), upon which the machine has reset itself. Each is reported
    /// once, also when it came before the call. By default there are none.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WaitForProcessorFaultAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>Stops the guest's processor. The guest's memory, its links and the bytes in them stay as they are.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task PauseAsync(CancellationToken cancellationToken);

    /// <summary>Lets a paused guest go on.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Presses the reset button: the guest starts anew in the same machine.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ResetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes the guest's state to a file and ends the machine. When it fails the machine goes on as it was and no file is left. For a
    /// machine with <see cref="MachineCapabilities.Save"/>.
    /// </summary>
    /// <param name="path">The full path of the file to write.</param>
    /// <param name="progress">Receives 0 to 100.</param>
    /// <param name="cancellationToken">Gives the save up.</param>
    Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken) => throw Missing(MachineCapabilities.Save);

    /// <summary>
    /// Presses the power button: asks the guest's operating system to shut down, without its guest service. For a machine with
    /// <see cref="MachineCapabilities.PowerButton"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for the request, not for the guest.</param>
    Task PressPowerButtonAsync(CancellationToken cancellationToken) => throw Missing(MachineCapabilities.PowerButton);

    /// <summary>
    /// Turns the power off and returns when the machine has ended. An operation that is under way gets a few seconds to end; one that hangs
    /// does not keep the machine from ending.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task TurnOffAsync(CancellationToken cancellationToken);

    private static NotSupportedException Missing(MachineCapabilities capability) =>
        new($"The machine does not have the capability {capability}.");
}
