namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A machine's display, from outside. It can be looked at while the machine is paused.</summary>
public interface IDisplayDevice
{
    /// <summary>How the display is set now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The machine has ended, or its provider failed.</exception>
    Task<DisplayMode> ReadModeAsync(CancellationToken cancellationToken);

    /// <summary>What the display shows now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The machine has ended, or its provider failed.</exception>
    Task<DisplayImage> CaptureAsync(CancellationToken cancellationToken);
}
