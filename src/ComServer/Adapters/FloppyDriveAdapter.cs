using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMFloppyDrive: a machine's floppy drive.</summary>
[GeneratedComClass]
internal sealed partial class FloppyDriveAdapter : VMFloppyDriveBase, IEventSource
{
    private readonly Application application;

    /// <summary>Makes the object and begins to fire its events.</summary>
    /// <param name="application">The domain and the machinery.</param>
    /// <param name="drive">The drive.</param>
    public FloppyDriveAdapter(Application application, FloppyDrive drive)
        : base(application.Dispatcher)
    {
        this.application = application;
        Drive = drive;
        Connections = new ExternalConnections(application.Served);
        Events = new ConnectionPoint(Iids.IVMFloppyDriveEvents, this, application.Served, application.EventLogger);
        drive.MediaChanged += OnMediaChanged;
    }

    /// <summary>The events that these drives fire.</summary>
    public static IReadOnlyCollection<int> FiredEvents => [FloppyDriveEventsDispIds.OnMediaInsert, FloppyDriveEventsDispIds.OnMediaEject];

    /// <summary>The drive.</summary>
    public FloppyDrive Drive { get; }

    /// <inheritdoc/>
    public ExternalConnections Connections { get; }

    /// <inheritdoc/>
    public ServedClass Class => application.ClassOf(Clsids.VMFloppyDrive);

    /// <inheritdoc/>
    public ConnectionPoint Events { get; }

    /// <inheritdoc/>
    public override void AttachImage(string? mediaImagePath) => Drive.AttachImage(mediaImagePath);

    /// <inheritdoc/>
    public override void ReleaseImage() => Drive.ReleaseImage();

    /// <inheritdoc/>
    public override string get_ImageFile() => Drive.ImageFile;

    /// <inheritdoc/>
    public override void AttachHostDrive(string? driveLetter) => Drive.AttachHostDrive(driveLetter);

    /// <inheritdoc/>
    public override void ReleaseHostDrive() => Drive.ReleaseHostDrive();

    /// <inheritdoc/>
    public override string get_HostDriveLetter() => Drive.HostDrive;

    /// <inheritdoc/>
    public override int get_DriveNumber() => Drive.Number;

    /// <inheritdoc/>
    public override VMFloppyDriveAttachmentType get_Attachment() => (VMFloppyDriveAttachmentType)Drive.Attachment;

    private void OnMediaChanged(object? sender, MediaChangedEventArgs change) =>
        Events.Fire(change.Inserted ? FloppyDriveEventsDispIds.OnMediaInsert : FloppyDriveEventsDispIds.OnMediaEject, change.Media);
}
