using System.Net.Sockets;
using System.Text.Json;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>A Unix socket in a folder that only this user may enter, which needs no secret.</summary>
internal sealed class UnixDiskSocket : IDiskSocket
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;

    /// <summary>Opens the socket.</summary>
    /// <param name="path">Its full path, which must not exist yet.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    public UnixDiskSocket(string path)
    {
        this.path = path;
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new IOException($"The socket {path} could not be created: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public string Export => "";

    /// <inheritdoc/>
    public bool IsSecret => false;

    /// <inheritdoc/>
    public void WriteServer(Utf8JsonWriter json)
    {
        json.WriteStartObject("server");
        json.WriteString("type", "unix");
        json.WriteString("path", path);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public Task<Socket> AcceptAsync(CancellationToken cancellationToken) => listener.AcceptAsync(cancellationToken).AsTask();

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}
