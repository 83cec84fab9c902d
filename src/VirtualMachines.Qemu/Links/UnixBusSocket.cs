using System.Net.Sockets;
using VpcComApi.VirtualMachines.Qemu.Hardware;

namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>A Unix socket that QEMU opens in a folder that only this user may enter.</summary>
/// <param name="path">Its full path.</param>
internal sealed class UnixBusSocket(string path) : IBusSocket
{
    /// <inheritdoc/>
    public string Backend => $"path={QemuText.Escape(path)},server=on,wait=off";

    /// <summary>Connects to QEMU. A local connection is established at once; QEMU accepts it later.</summary>
    /// <exception cref="IOException">QEMU does not answer.</exception>
    public Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"QEMU's socket {path} did not answer: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream>(new NetworkStream(Connect(), ownsSocket: true));
        }
        catch (IOException e)
        {
            return Task.FromException<Stream>(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // QEMU's socket is deleted with its folder.
    }
}
