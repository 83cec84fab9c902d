using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMSerialPort: a machine's serial port.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="port">The port.</param>
[GeneratedComClass]
internal sealed partial class SerialPortAdapter(Application application, SerialPort port)
    : VMSerialPortBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.SerialPortClass;

    /// <inheritdoc/>
    public override void Configure(VMSerialPortType portType, string? portName, bool vmConnectImmediately) =>
        port.Configure((SerialPortType)portType, portName, vmConnectImmediately);

    /// <inheritdoc/>
    public override void _ID(out int portID)
    {
        _ = port.Settings;
        portID = port.Number;
    }

    /// <inheritdoc/>
    public override VMSerialPortType get_Type() => (VMSerialPortType)port.Settings.Type;

    /// <inheritdoc/>
    public override string get_Name() => port.Settings.Name;

    /// <inheritdoc/>
    public override bool get_ConnectImmediately() => port.Settings.ConnectImmediately;
}
