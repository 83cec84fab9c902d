using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.ComServer.Adapters;

/// <summary>The tasks, as they were when the collection was asked for.</summary>
/// <param name="application">The domain and the machinery.</param>
/// <param name="elements">What it holds.</param>
[GeneratedComClass]
internal sealed partial class TaskCollectionAdapter(Application application, IReadOnlyList<MachineTask> elements)
    : VMTaskCollectionBase(application.Dispatcher), IServedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(application.Served);

    /// <inheritdoc/>
    public override int get_Count() => elements.Count;

    /// <inheritdoc/>
    public override IVMTask get_Item(int index) => application.AdapterOf(Arguments.At(elements, index, "Tasks"));

    /// <inheritdoc/>
    public override object get__NewEnum() =>
        new VariantEnumerator(new SnapshotCursor<object>([.. elements.Select(application.AdapterOf)]), application.Served);
}
