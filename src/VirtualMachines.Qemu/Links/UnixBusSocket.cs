using System.Net.Sockets;
using VpcComApi.VirtualMachines.Qemu.Hardware;

namespace VpcComApi.VirtualMachines.Qemu.Links;

/// <summary>A Unix socket that QEMU opens in a folder of this user alone.</summary>
/// <param name="path">Its full path.</param>
internal sealed class UnixBusSocket(string path) : IBusSocket
{
    /// <inheritdoc/>
    public string Backend => BackendOf(path);

    /// <summary>How QEMU is told to open a socket.</summary>
    /// <param name="path">Its full path.</param>
    public static string BackendOf(string path) => $"path={QemuText.Escape(path)},server=on,wait=off";

    /// <inheritdoc/>
    /// <remarks>A local connection is made at once; QEMU takes it up when it gets to it.</remarks>
    public Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return Task.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return Task.FromException<Stream>(new IOException($"QEMU's socket {path} of the bus device did not answer: {e.Message}", e));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // QEMU's socket goes with its folder.
    }
}
