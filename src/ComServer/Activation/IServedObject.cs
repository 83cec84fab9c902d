namespace VpcComApi.ComServer.Activation;

/// <summary>
/// An object that clients in other processes hold. COM reports their connections, and each object with one keeps the server running. This
/// counts what is outside, exactly and at once; reference counts and the garbage collector have no say in the server's life.
/// </summary>
internal interface IServedObject : IExternalConnection
{
    /// <summary>The clients' connections to this object.</summary>
    ExternalConnections Connections { get; }

    uint IExternalConnection.AddConnection(uint connectionType, uint reserved) => Connections.Add(this, connectionType);

    uint IExternalConnection.ReleaseConnection(uint connectionType, uint reserved, int lastReleaseCloses) =>
        Connections.Release(this, connectionType);
}
