using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMDVDDrive: a machine's CD or DVD drive.</summary>
[GeneratedComClass]
internal sealed partial class DVDDriveAdapter : VMDVDDriveBase, IEventSource
{
    private readonly Application application;

    /// <summary>Makes the object and begins to fire its events.</summary>
    /// <param name="application">The domain and the machinery.</param>
    /// <param name="drive">The drive.</param>
    public DVDDriveAdapter(Application application, DvdDrive drive)
        : base(application.Dispatcher)
    {
        this.application = application;
        Drive = drive;
        Connections = new ExternalConnections(application.Served);
        Events = new ConnectionPoint(Iids.IVMDVDDriveEvents, this, application.Served, application.EventLogger);
        drive.MediaChanged += OnMediaChanged;
    }

    /// <summary>The events that these drives fire.</summary>
    public static IReadOnlyCollection<int> FiredEvents => [DVDDriveEventsDispIds.OnMediaInsert, DVDDriveEventsDispIds.OnMediaEject];

    /// <summary>The drive.</summary>
    public DvdDrive Drive { get; }

    /// <inheritdoc/>
    public ExternalConnections Connections { get; }

    /// <inheritdoc/>
    public ServedClass Class => application.ClassOf(Clsids.VMDVDDrive);

    /// <inheritdoc/>
    public ConnectionPoint Events { get; }

    /// <inheritdoc/>
    public override void SetBusLocation(int busNumber, int deviceNumber) => Drive.SetBusLocation(busNumber, deviceNumber);

    /// <inheritdoc/>
    public override int get_BusNumber() => Drive.Location.Bus;

    /// <inheritdoc/>
    public override int get_DeviceNumber() => Drive.Location.Device;

    /// <inheritdoc/>
    public override void AttachImage(string? imagePath) => Drive.AttachImage(imagePath);

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
    public override VMDVDDriveAttachmentType get_Attachment() => (VMDVDDriveAttachmentType)Drive.Attachment;

    private void OnMediaChanged(object? sender, MediaChangedEventArgs change) =>
        Events.Fire(change.Inserted ? DVDDriveEventsDispIds.OnMediaInsert : DVDDriveEventsDispIds.OnMediaEject, change.Media);
}
