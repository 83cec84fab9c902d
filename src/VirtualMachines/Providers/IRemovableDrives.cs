namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A machine's drives for media that are changed while it runs, or is paused.</summary>
/// <remarks>
/// Each member fails with a <see cref="VirtualMachineException"/> when there is no such drive, the medium cannot be used, or the machine
/// has ended; what was in the drive then stays in it.
/// </remarks>
public interface IRemovableDrives
{
    /// <summary>Changes the disc in a CD or DVD drive, also when the guest has locked its tray.</summary>
    /// <param name="bus">The drive's IDE bus.</param>
    /// <param name="device">The position on it.</param>
    /// <param name="medium">What the drive holds from now on; null to leave it empty.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ChangeDvdAsync(int bus, int device, MachineMedium? medium, CancellationToken cancellationToken);

    /// <summary>Changes the disk in a floppy drive.</summary>
    /// <param name="number">The drive's number.</param>
    /// <param name="medium">What the drive holds from now on; null to leave it empty.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ChangeFloppyAsync(int number, MachineMedium? medium, CancellationToken cancellationToken);
}
