using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMHardDiskConnection: a hard disk at a position of a machine's IDE buses.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="connection">The connection.</param>
[GeneratedComClass]
internal sealed partial class HardDiskConnectionAdapter(Application application, HardDiskConnection connection)
    : VMHardDiskConnectionBase(application.Dispatcher), IDescribedObject
{
    /// <summary>The connection.</summary>
    public HardDiskConnection Connection => connection;

    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.ClassOf(Clsids.VMHardDiskConnection);

    /// <inheritdoc/>
    public override IVMHardDisk get_HardDisk() => application.AdapterOf(connection.HardDisk);

    /// <inheritdoc/>
    public override IVMHardDisk get_UndoHardDisk() => application.AdapterOf(connection.UndoHardDisk);

    /// <inheritdoc/>
    public override void SetBusLocation(int vmBusNumber, int vmDeviceNumber) => connection.SetBusLocation(vmBusNumber, vmDeviceNumber);

    /// <inheritdoc/>
    public override int get_BusNumber() => connection.Location.Bus;

    /// <inheritdoc/>
    public override int get_DeviceNumber() => connection.Location.Device;
}
