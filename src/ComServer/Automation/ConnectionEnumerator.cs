using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Automation;

/// <summary>Walks the sinks at a connection point.</summary>
/// <param name="cursor">The place in the list.</param>
/// <param name="served">Counts who holds the enumerator.</param>
[GeneratedComClass]
internal sealed unsafe partial class ConnectionEnumerator(SnapshotCursor<EventSink> cursor, ServedObjects served)
    : IEnumConnections, IServedObject
{
    /// <inheritdoc/>
    public ExternalConnections Connections { get; } = new(served);

    /// <inheritdoc/>
    public int Next(uint count, nint connections, nint fetched) =>
        cursor.Next(
            count, fetched, (index, sink) => ((ConnectData*)connections)[index] = new ConnectData(sink.GetReference(), sink.Cookie));

    /// <inheritdoc/>
    public int Skip(uint count) => cursor.Skip(count);

    /// <inheritdoc/>
    public int Reset() => cursor.Reset();

    /// <inheritdoc/>
    public IEnumConnections Clone() => new ConnectionEnumerator(cursor.Clone(), served);

    /// <summary>CONNECTDATA.</summary>
    /// <param name="Sink">A counted reference to the sink, or zero when it has gone meanwhile.</param>
    /// <param name="Cookie">The sink's number.</param>
    private readonly record struct ConnectData(nint Sink, uint Cookie);
}
