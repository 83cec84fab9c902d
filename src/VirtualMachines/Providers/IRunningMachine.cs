namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// A machine that has been powered up by a provider. Disposing it pulls the plug, if that has not happened, and leaves nothing behind.
/// </summary>
public interface IRunningMachine : IAsyncDisposable
{
    /// <summary>Completes, and never faults, when the machine has stopped executing for whatever reason.</summary>
    Task<MachineEnd> Ended { get; }

    /// <summary>The display, or null when the machine has none.</summary>
    IDisplayDevice? Display => null;

    /// <summary>The keyboard, or null when the machine has none.</summary>
    IKeyboardDevice? Keyboard => null;

    /// <summary>The mouse, or null when the machine has none.</summary>
    IMouseDevice? Mouse => null;

    /// <summary>The serial ports, COM1 first; as many as the provider gives its machines.</summary>
    IReadOnlyList<ISerialDevice> SerialPorts => [];

    /// <summary>The drives for media that can be changed, or null when the guest sees none.</summary>
    IRemovableDrives? RemovableDrives => null;

    /// <summary>The cables of the network cards, or null when those carry nothing.</summary>
    INetworkCables? NetworkCables => null;

    /// <summary>The USB, or null when the machine cannot take over devices of the host.</summary>
    IUsbController? Usb => null;

    /// <summary>What measures the machine, or null when nothing can.</summary>
    IUsageMeter? UsageMeter => null;

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
    /// Writes the guest's state to a file and ends the machine. When it fails the machine goes on as it was and no file is left.
    /// </summary>
    /// <param name="path">The full path of the file to write.</param>
    /// <param name="progress">Receives 0 to 100.</param>
    /// <param name="cancellationToken">Gives the save up.</param>
    Task SaveAsync(string path, IProgress<int> progress, CancellationToken cancellationToken);

    /// <summary>Presses the power button: asks the guest's operating system to shut down, without its guest service.</summary>
    /// <param name="cancellationToken">Ends the wait for the request, not for the guest.</param>
    /// <returns>False when this machine has no power button that a guest hears.</returns>
    Task<bool> PressPowerButtonAsync(CancellationToken cancellationToken);

    /// <summary>Pulls the plug and returns when the machine has ended.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task TurnOffAsync(CancellationToken cancellationToken);
}
