namespace VpcComApi.ComServer.Activation;

/// <summary>The clients' connections to one object.</summary>
/// <param name="server">What the connections keep running.</param>
/// <param name="whenLastEnds">
/// Called when no connection is left, for an object that holds something for its client alone; must be quick.
/// </param>
internal sealed class ExternalConnections(ServedObjects server, Action? whenLastEnds = null)
{
    /// <summary>EXTCONN_STRONG: the connections that keep an object alive.</summary>
    private const uint Strong = 1;

    private readonly Lock gate = new();
    private uint count;

    /// <summary>Counts one more.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="connectionType">EXTCONN flags.</param>
    /// <returns>How many there are.</returns>
    public uint Add(IServedObject owner, uint connectionType)
    {
        lock (gate)
        {
            if ((connectionType & Strong) != 0 && ++count == 1)
            {
                server.Add(owner);
            }

            return count;
        }
    }

    /// <summary>Counts one less.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="connectionType">EXTCONN flags.</param>
    /// <returns>How many are left.</returns>
    public uint Release(IServedObject owner, uint connectionType)
    {
        lock (gate)
        {
            // Nothing is left to release when the connections were dropped because their process died.
            if ((connectionType & Strong) != 0 && count > 0 && --count == 0)
            {
                server.Remove(owner);
                whenLastEnds?.Invoke();
            }

            return count;
        }
    }

    /// <summary>Forgets all connections: those who had them are gone.</summary>
    /// <param name="owner">The object.</param>
    public void Drop(IServedObject owner)
    {
        lock (gate)
        {
            if (count > 0)
            {
                count = 0;
                server.Remove(owner);
                whenLastEnds?.Invoke();
            }
        }
    }
}
