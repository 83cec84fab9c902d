using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>VMParallelPort: a machine's parallel port.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="port">The port.</param>
[GeneratedComClass]
internal sealed partial class ParallelPortAdapter(Application application, ParallelPort port)
    : VMParallelPortBase(application.Dispatcher), IDescribedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public ServedClass Class => application.ParallelPortClass;

    /// <inheritdoc/>
    public override void _ID(out int portID)
    {
        _ = port.Name;
        portID = port.Number;
    }

    /// <inheritdoc/>
    public override string get_Name() => port.Name;

    /// <inheritdoc/>
    public override void put_Name(string? portName) => port.Name = portName ?? string.Empty;
}
