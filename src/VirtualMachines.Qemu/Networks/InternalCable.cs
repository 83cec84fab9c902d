using System.Net.Sockets;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>
/// A cable from a card to the internal network: a Unix socket in the machine's private folder, to which QEMU connects once. It is created
/// before QEMU gets its path, and deleted from the file system as soon as QEMU has connected.
/// </summary>
internal sealed class InternalCable : IAsyncDisposable
{
    private readonly NetworkSwitch network;
    private readonly SwitchPort port;
    private readonly Socket listener;
    private readonly TimeProvider timeProvider;
    private SwitchLink? link;

    private InternalCable(NetworkSwitch network, SwitchPort port, Socket listener, TimeProvider timeProvider)
    {
        this.network = network;
        this.port = port;
        this.listener = listener;
        this.timeProvider = timeProvider;
    }

    /// <summary>
    /// Completes when the cable does not transfer frames any more: with null in the normal case, or with the error. Only after QEMU has
    /// connected.
    /// </summary>
    public Task<string?> Ended => link!.Ended;

    /// <summary>Bytes of frames that the card has sent.</summary>
    public long BytesFromCard => link?.BytesFromCard ?? 0;

    /// <summary>Bytes of frames that were sent to the card.</summary>
    public long BytesToCard => link?.BytesToCard ?? 0;

    /// <summary>Adds a port for a card and opens the socket.</summary>
    /// <param name="network">The network.</param>
    /// <param name="address">The card's address.</param>
    /// <param name="socketPath">The new socket's full path.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <returns>Null when another card in the network has the same address, or the network is full.</returns>
    /// <exception cref="IOException">The socket could not be opened.</exception>
    public static InternalCable? TryLay(NetworkSwitch network, ulong address, string socketPath, TimeProvider timeProvider)
    {
        if (!network.TryAdd(address, out SwitchPort? port))
        {
            return null;
        }

        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(socketPath));
            listener.Listen(1);
            return new InternalCable(network, port, listener, timeProvider);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            network.Remove(port);
            throw new IOException($"The socket {socketPath} could not be opened: {e.Message}", e);
        }
    }

    /// <summary>Waits for QEMU, and begins to transfer frames.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">It cannot connect.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            Socket socket = await listener.AcceptAsync(cancellationToken);
            link = new SwitchLink(network, port, new NetworkStream(socket, ownsSocket: true), timeProvider);
        }
        catch (SocketException e)
        {
            throw new IOException($"QEMU could not connect to the internal network: {e.Message}", e);
        }
        finally
        {
            // Its file is deleted with it, so that the next cable of this card can use the path.
            listener.Dispose();
        }
    }

    /// <summary>Removes the cable.</summary>
    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        network.Remove(port);
        if (link is not null)
        {
            await link.DisposeAsync();
        }
    }
}
