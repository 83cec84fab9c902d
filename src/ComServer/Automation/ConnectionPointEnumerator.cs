using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Automation;

/// <summary>Walks the connection points of an object.</summary>
/// <param name="cursor">The place in the list.</param>
/// <param name="served">Counts who holds the enumerator.</param>
[GeneratedComClass]
internal sealed unsafe partial class ConnectionPointEnumerator(SnapshotCursor<IConnectionPoint> cursor, ServedObjects served)
    : IEnumConnectionPoints, IServedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(served);

    /// <inheritdoc/>
    public int Next(uint count, nint points, nint fetched) =>
        cursor.Next(
            count, fetched, (index, point) => ((void**)points)[index] = ComInterfaceMarshaller<IConnectionPoint>.ConvertToUnmanaged(point));

    /// <inheritdoc/>
    public int Skip(uint count) => cursor.Skip(count);

    /// <inheritdoc/>
    public int Reset() => cursor.Reset();

    /// <inheritdoc/>
    public IEnumConnectionPoints Clone() => new ConnectionPointEnumerator(cursor.Clone(), served);
}
