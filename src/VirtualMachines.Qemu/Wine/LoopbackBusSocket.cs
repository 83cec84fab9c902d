using System.Globalization;
using System.Net.Sockets;
using VpcComApi.VirtualMachines.Qemu.Links;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// A TCP port of 127.0.0.1 to which QEMU connects for a character device, because Wine has no Unix sockets. Only connections of this user's
/// programs are accepted.
/// </summary>
internal sealed class LoopbackBusSocket : IBusSocket
{
    private readonly LoopbackListener listener = new();

    /// <inheritdoc/>
    /// <remarks>QEMU connects again, within a second, whenever its connection has ended.</remarks>
    public string Backend =>
        string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1,port={listener.Port},server=off,reconnect=1,nodelay=on");

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new NetworkStream(await listener.AcceptAsync(cancellationToken), ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException($"QEMU did not connect for the bus device: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}
