using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Hosting;

/// <summary><see cref="IMachines"/> over a stream: JSON-RPC with header-delimited messages.</summary>
internal static class MachinesWire
{
    /// <summary>The machines at the other end of a stream.</summary>
    /// <param name="stream">The stream. It is closed when the connection is disposed.</param>
    /// <param name="machines">The proxy.</param>
    /// <returns>The connection, for its owner to dispose.</returns>
    public static JsonRpc Connect(Stream stream, out IMachines machines)
    {
        JsonRpc connection = new MachinesRpc(stream);
        machines = connection.Attach<IMachines>();
        connection.StartListening();
        return connection;
    }

    /// <summary>Serves machines to whoever is at the other end of a stream.</summary>
    /// <param name="stream">The stream. It is closed when the connection is disposed.</param>
    /// <param name="machines">What is served.</param>
    /// <returns>The connection, for its owner to dispose.</returns>
    public static JsonRpc Serve(Stream stream, IMachines machines)
    {
        JsonRpc connection = new MachinesRpc(stream)
        {
            // A client that has gone no longer waits for anything.
            CancelLocallyInvokedMethodsWhenConnectionIsClosed = true,
        };
        connection.AddLocalRpcTarget(RpcTargetMetadata.FromShape<IMachines>(), machines, options: null);
        connection.StartListening();
        return connection;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "All types that cross are in MachinesJsonContext.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "All types that cross are in MachinesJsonContext.")]
    private static HeaderDelimitedMessageHandler CreateHandler(Stream stream) => new(
        stream, new SystemTextJsonFormatter { JsonSerializerOptions = new JsonSerializerOptions(MachinesJsonContext.Default.Options) });

    private sealed class MachinesRpc(Stream stream) : JsonRpc(CreateHandler(stream))
    {
        /// <inheritdoc/>
        protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception) =>
            RemoteErrors.ToDetail(exception);
    }
}
