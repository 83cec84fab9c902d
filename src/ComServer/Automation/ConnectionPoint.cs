using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Automation;

/// <summary>Where sinks for one event interface of one object attach.</summary>
[GeneratedComClass]
internal sealed partial class ConnectionPoint : IConnectionPoint, IServedObject
{
    /// <summary>How many sinks one object takes.</summary>
    public const int MaximumSinks = 256;

    private const int NoConnection = unchecked((int)0x80040200);
    private const int AdviseLimit = unchecked((int)0x80040201);
    private const int CannotConnect = unchecked((int)0x80040202);

    private readonly Guid interfaceId;
    private readonly IConnectionPointContainer container;
    private readonly ServedObjects served;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly Dictionary<uint, EventSink> sinks = [];
    private uint lastCookie;

    /// <summary>Makes a connection point without sinks.</summary>
    /// <param name="interfaceId">The event interface.</param>
    /// <param name="container">The object that fires.</param>
    /// <param name="served">Counts who holds the connection point.</param>
    /// <param name="logger">Where messages go.</param>
    public ConnectionPoint(Guid interfaceId, IConnectionPointContainer container, ServedObjects served, ILogger logger)
    {
        this.interfaceId = interfaceId;
        this.container = container;
        this.served = served;
        this.logger = logger;
        Connections = new ExternalConnections(served);
    }

    /// <inheritdoc/>
    public ExternalConnections Connections { get; }

    /// <inheritdoc/>
    public Guid GetConnectionInterface() => interfaceId;

    /// <inheritdoc/>
    public IConnectionPointContainer GetConnectionPointContainer() => container;

    /// <inheritdoc/>
    public int Advise(nint sink, out uint cookie)
    {
        cookie = 0;
        if (sink == 0)
        {
            return HResults.E_POINTER;
        }

        // Asked outside the lock: the question goes to the client's process.
        if (Marshal.QueryInterface(sink, interfaceId, out nint dispatch) < 0
            && Marshal.QueryInterface(sink, typeof(IDispatch).GUID, out dispatch) < 0)
        {
            return CannotConnect;
        }

        lock (gate)
        {
            if (sinks.Count < MaximumSinks)
            {
                cookie = ++lastCookie;
                sinks.Add(cookie, new EventSink(dispatch, cookie, Forget, logger));
                return HResults.S_OK;
            }
        }

        Marshal.Release(dispatch);
        return AdviseLimit;
    }

    /// <inheritdoc/>
    public int Unadvise(uint cookie)
    {
        EventSink? sink;
        lock (gate)
        {
            if (!sinks.Remove(cookie, out sink))
            {
                return NoConnection;
            }
        }

        sink.Close();
        return HResults.S_OK;
    }

    /// <inheritdoc/>
    public IEnumConnections EnumConnections() => new ConnectionEnumerator(new SnapshotCursor<EventSink>(Snapshot()), served);

    /// <summary>Lists this connection point, the only one that its object has.</summary>
    public IEnumConnectionPoints EnumerateAlone() => new ConnectionPointEnumerator(new SnapshotCursor<IConnectionPoint>([this]), served);

    /// <summary>Fires an event into every sink. Never waits for one.</summary>
    /// <param name="dispId">The event's number.</param>
    /// <param name="arguments">Its arguments.</param>
    public void Fire(int dispId, params object?[] arguments)
    {
        foreach (EventSink sink in Snapshot())
        {
            sink.Post(new EventCall(dispId, arguments));
        }
    }

    private EventSink[] Snapshot()
    {
        lock (gate)
        {
            return [.. sinks.Values];
        }
    }

    private void Forget(EventSink sink)
    {
        lock (gate)
        {
            sinks.Remove(sink.Cookie);
        }

        sink.Close();
    }
}
