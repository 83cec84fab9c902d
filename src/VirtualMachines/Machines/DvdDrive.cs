using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A machine's CD or DVD drive.</summary>
public sealed class DvdDrive : RemovableDrive
{
    internal DvdDrive(MachineDrives drives, DriveLocation location)
        : base(drives) => Position = location;

    /// <summary>Where the drive is connected. Changed by <see cref="SetBusLocation"/>.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.DriveInvalid"/>: the drive was removed.</exception>
    public DriveLocation Location
    {
        get
        {
            Drives.CheckConnected(Position, MachineDriveType.Dvd);
            return Position!.Value;
        }
    }

    /// <summary>The full path of the image in the drive.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MediaWrongType"/>: there is no image in it.</exception>
    public string ImageFile => Require(MediaAttachment.Image, "no image");

    /// <summary>The letter of the host's drive that is in this one.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MediaWrongType"/>: there is none in it.</exception>
    public string HostDrive => Require(MediaAttachment.HostDrive, "no drive of the host");

    /// <summary>The position; null when the drive was removed.</summary>
    internal DriveLocation? Position { get; set; }

    private protected override string Description => $"the DVD drive {Position} of the machine '{Machine.Name}'";

    private protected override MediaKeys Keys => Location.Media;

    private protected override IReadOnlyList<string> HostDrives => Drives.HostComputer.DvdDrives;

    /// <summary>Connects the drive elsewhere. Only while the machine is off.</summary>
    /// <param name="bus">0 or 1.</param>
    /// <param name="device">0 or 1.</param>
    /// <exception cref="VirtualMachineException">
    /// The machine is not off, or the position is taken, bad, or the drive was removed.
    /// </exception>
    public void SetBusLocation(int bus, int device) => Drives.Move(Location, MachineDriveType.Dvd, bus, device);

    /// <summary>Puts an image into the drive.</summary>
    /// <param name="path">The full path of an .iso file.</param>
    /// <exception cref="VirtualMachineException">Something is in the drive already, or the file is missing or no disc image.</exception>
    public void AttachImage(string? path)
    {
        _ = Location;
        if (path is null || Directory.Exists(path))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"'{path}' is no image for {Description}. Give the full path of an .iso file.");
        }

        string full = DiskPaths.CheckExisting(path);
        DemandEmpty();
        if (!DiskErrors.Run($"The image {full} could not be read", () => OpticalImage.IsOpticalImage(full)))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"{full} is no image of a CD or DVD. Give an .iso file.");
        }

        Change(full);
    }

    /// <summary>Takes the image out.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MediaWrongType"/>: there is no image in it.</exception>
    public void ReleaseImage()
    {
        _ = ImageFile;
        Change(string.Empty);
    }

    /// <summary>Puts a drive of the host in.</summary>
    /// <param name="letter">Its letter.</param>
    /// <exception cref="VirtualMachineException">No such drive, something is in this one already, or another machine has it.</exception>
    public void AttachHostDrive(string? letter)
    {
        _ = Location;
        string drive = CheckHostDrive(letter);
        DemandEmpty();
        if (Drives.UserOfHostDrive(drive) is { } other)
        {
            throw new VirtualMachineException(
                VirtualMachineError.DriveInUse,
                $"The host's drive {drive} is in use by the machine '{other.Name}'. Release it there first.");
        }

        Change(drive);
    }

    /// <summary>Gives the host's drive back.</summary>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.MediaWrongType"/>: there is none in it.</exception>
    public void ReleaseHostDrive()
    {
        _ = HostDrive;
        Change(string.Empty);
    }

    /// <inheritdoc/>
    private protected override Task PutAsync(IRemovableDrives drives, MachineMedium? medium, CancellationToken cancellationToken)
    {
        DriveLocation location = Location;
        return drives.ChangeDvdAsync(location.Bus, location.Device, medium, cancellationToken);
    }

    private string Require(MediaAttachment kind, string missing)
    {
        string media = Media;
        return KindOf(media) == kind
            ? kind == MediaAttachment.HostDrive ? Disks.HostDrive.Normalize(media) : media
            : throw new VirtualMachineException(
                VirtualMachineError.MediaWrongType, $"There is {missing} in {Description}. Its attachment says what is.");
    }

    private void DemandEmpty()
    {
        if (Media is { Length: > 0 } media)
        {
            throw new VirtualMachineException(VirtualMachineError.DriveInUse, $"{media} is in {Description} already. Release it first.");
        }
    }
}
