namespace VpcComApi.ComServer.Activation;

/// <summary>All objects that clients hold now.</summary>
/// <param name="lifetime">What they keep running.</param>
/// <param name="clients">Who they are, where COM does not find out by itself when one dies.</param>
internal sealed class ServedObjects(ServerLifetime lifetime, IClientObserver clients)
{
    private readonly Lock gate = new();
    private readonly HashSet<IServedObject> objects = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many objects clients hold.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return objects.Count;
            }
        }
    }

    /// <summary>A client has the first connection to an object.</summary>
    public void Add(IServedObject served)
    {
        lock (gate)
        {
            objects.Add(served);
        }

        lifetime.AddReference();
        // The connection is made on the thread that serves the client's call, so the caller can be known here.
        clients.NoteCaller();
    }

    /// <summary>The last connection to an object has gone.</summary>
    public void Remove(IServedObject served)
    {
        lock (gate)
        {
            objects.Remove(served);
        }

        lifetime.ReleaseReference();
    }

    /// <summary>Cuts all objects off from their clients, who are gone without having released them.</summary>
    /// <param name="disconnect">Makes COM disconnect one object.</param>
    /// <returns>How many objects were cut off.</returns>
    public int DisconnectAll(Action<IServedObject> disconnect)
    {
        IServedObject[] left;
        lock (gate)
        {
            left = [.. objects];
        }

        foreach (IServedObject served in left)
        {
            disconnect(served);
            served.Connections.Drop(served);
        }

        return left.Length;
    }
}
