using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A machine's drive for media that can be changed, in any state of the machine.</summary>
public abstract class RemovableDrive
{
    private protected RemovableDrive(MachineDrives drives) => Drives = drives;

    /// <summary>The machine.</summary>
    public VirtualMachine Machine => Drives.Machine;

    /// <summary>What is in the drive.</summary>
    /// <exception cref="VirtualMachineException">The drive or its machine is gone.</exception>
    public MediaAttachment Attachment => KindOf(Media);

    /// <summary>Something was put into the drive or taken out. Handlers must be quick; they run on no caller's thread.</summary>
    public event EventHandler<MediaChangedEventArgs>? MediaChanged;

    /// <summary>All drives of the machine.</summary>
    private protected MachineDrives Drives { get; }

    /// <summary>The drive, for texts.</summary>
    private protected abstract string Description { get; }

    /// <summary>Where the configuration keeps what is in the drive. Fails when the drive is gone.</summary>
    private protected abstract MediaKeys Keys { get; }

    /// <summary>The image's path or the host drive's letter; empty when nothing is in the drive.</summary>
    private protected string Media => Drives.MediaOf(Keys);

    /// <summary>The host's drives that can be in this one.</summary>
    private protected abstract IReadOnlyList<string> HostDrives { get; }

    /// <summary>What is in the drive, as a provider gets it.</summary>
    internal MachineMedium? Medium => MediumOf(Media);

    /// <summary>A medium as a provider gets it.</summary>
    /// <param name="media">The image's path or the host drive's letter; empty when there is nothing.</param>
    internal static MachineMedium? MediumOf(string media) => KindOf(media) switch
    {
        MediaAttachment.None => null,
        MediaAttachment.HostDrive => new MachineMedium(Disks.HostDrive.Normalize(media), IsHostDrive: true),
        _ => new MachineMedium(media, IsHostDrive: false),
    };

    /// <summary>Puts a medium into this drive of a running machine.</summary>
    private protected abstract Task PutAsync(IRemovableDrives drives, MachineMedium? medium, CancellationToken cancellationToken);

    /// <summary>What a medium is.</summary>
    private protected static MediaAttachment KindOf(string media) => media.Length == 0
        ? MediaAttachment.None
        : Disks.HostDrive.IsDrive(media) ? MediaAttachment.HostDrive : MediaAttachment.Image;

    /// <summary>Finds a drive of the host.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: there is none of that letter.
    /// </exception>
    private protected string CheckHostDrive(string? text)
    {
        IReadOnlyList<string> drives = HostDrives;
        string wanted = Disks.HostDrive.Normalize(text ?? string.Empty);
        return drives.Any(drive => Disks.HostDrive.Normalize(drive) == wanted)
            ? wanted
            : throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"'{text}' is no drive of this host that can be used in {Description}. "
                    + $"There {(drives.Count == 0 ? "are none" : "are: " + string.Join(", ", drives))}.");
    }

    /// <summary>Puts something into the drive, in place of what is there.</summary>
    /// <param name="media">The image's path or the host drive's letter; empty to leave the drive empty.</param>
    private protected void Change(string media)
    {
        string before = Drives.ChangeMedia(Keys, media, (drives, token) => PutAsync(drives, MediumOf(media), token));
        Report(before, inserted: false);
        Report(media, inserted: true);
    }

    private void Report(string media, bool inserted)
    {
        if (media.Length > 0)
        {
            Drives.PostEvent(() => MediaChanged?.Invoke(this, new MediaChangedEventArgs(inserted, media)));
        }
    }
}
