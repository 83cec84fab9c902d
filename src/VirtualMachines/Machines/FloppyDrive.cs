using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A machine's floppy drive.</summary>
public sealed class FloppyDrive : RemovableDrive
{
    internal FloppyDrive(MachineDrives drives, int number)
        : base(drives) => Number = number;

    /// <summary>The drive's number on its controller, from 0.</summary>
    public int Number { get; }

    /// <summary>The full path of the image in the drive; empty when there is none.</summary>
    public string ImageFile => Media is var media && KindOf(media) == MediaAttachment.Image ? media : string.Empty;

    /// <summary>The letter of the host's drive that is in this one; empty when there is none.</summary>
    public string HostDrive =>
        Media is var media && KindOf(media) == MediaAttachment.HostDrive ? Disks.HostDrive.Normalize(media) : string.Empty;

    private protected override string Description => $"the floppy drive {Number} of the machine '{Machine.Name}'";

    private protected override MediaKeys Keys => new($"hardware/super_io/floppy[@id={Number}]/pathname");

    private protected override IReadOnlyList<string> HostDrives => Drives.HostComputer.FloppyDrives;

    /// <summary>Puts an image into the drive, in place of what is there.</summary>
    /// <param name="path">The full path of a .vfd file.</param>
    /// <exception cref="VirtualMachineException">
    /// The path is bad, or <see cref="VirtualMachineError.ImageCaptureFailed"/>: the file is missing or no floppy disk.
    /// </exception>
    public void AttachImage(string? path)
    {
        if (path is null)
        {
            throw new VirtualMachineException(VirtualMachineError.InvalidArgument, $"No image was given for {Description}.");
        }

        string full = PathRules.Check(path);
        if (!File.Exists(full))
        {
            throw new VirtualMachineException(VirtualMachineError.ImageCaptureFailed, $"There is no file {full}. Check the path.");
        }

        if (DiskErrors.Run($"The image {full} could not be looked at", () => FloppyImage.KindOf(full)) == FloppyImageKind.Unknown)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ImageCaptureFailed, $"{full} is no image of a floppy disk: no floppy disk has that many bytes.");
        }

        Change(full);
    }

    /// <summary>Takes the image out.</summary>
    /// <exception cref="VirtualMachineException">Nothing is in the drive, or a drive of the host is.</exception>
    public void ReleaseImage() => Release(MediaAttachment.Image, "a drive of the host");

    /// <summary>Puts a drive of the host in, in place of what is there.</summary>
    /// <param name="letter">Its letter.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: the host has no such floppy drive.
    /// </exception>
    public void AttachHostDrive(string? letter) => Change(CheckHostDrive(letter));

    /// <summary>Gives the host's drive back.</summary>
    /// <exception cref="VirtualMachineException">Nothing is in the drive, or an image is.</exception>
    public void ReleaseHostDrive() => Release(MediaAttachment.HostDrive, "an image");

    /// <inheritdoc/>
    private protected override Task PutAsync(IRemovableDrives drives, MachineMedium? medium, CancellationToken cancellationToken) =>
        drives.ChangeFloppyAsync(Number, medium, cancellationToken);

    private void Release(MediaAttachment kind, string other)
    {
        MediaAttachment attachment = Attachment;
        if (attachment == MediaAttachment.None)
        {
            throw new VirtualMachineException(VirtualMachineError.NoMediaCaptured, $"Nothing is in {Description}.");
        }

        if (attachment != kind)
        {
            throw new VirtualMachineException(VirtualMachineError.MediaWrongType, $"There is {other} in {Description}. Release that.");
        }

        Change(string.Empty);
    }
}
