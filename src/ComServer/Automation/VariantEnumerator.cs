using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Automation;

/// <summary>Walks the objects of a snapshot: what comes or goes meanwhile does not disturb a `For Each`.</summary>
/// <param name="cursor">The place in the snapshot.</param>
/// <param name="served">Counts who holds the enumerator.</param>
[GeneratedComClass]
internal sealed unsafe partial class VariantEnumerator(SnapshotCursor<object> cursor, ServedObjects served) : IEnumVARIANT, IServedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(served);

    /// <inheritdoc/>
    public int Next(uint count, nint elements, nint fetched) =>
        cursor.Next(count, fetched, (index, element) => ((ComVariant*)elements)[index] = VariantMarshaller.ConvertToUnmanaged(element));

    /// <inheritdoc/>
    public int Skip(uint count) => cursor.Skip(count);

    /// <inheritdoc/>
    public int Reset() => cursor.Reset();

    /// <inheritdoc/>
    public IEnumVARIANT Clone() => new VariantEnumerator(cursor.Clone(), served);
}
