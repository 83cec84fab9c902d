using System.Net.Sockets;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Processes;

namespace VpcComApi.ChannelBench.Chains;

/// <summary>A connection from a client on the host to the load's server, which is measured.</summary>
/// <param name="name">Its name in the table.</param>
internal abstract class Chain(string name) : IAsyncDisposable
{
    /// <summary>The product.</summary>
    public const string Product = "product";

    /// <summary>socat in the structure of the product: a relay on the host and a relay in the guest.</summary>
    public const string SocatTwoHops = "socat, two hops";

    /// <summary>socat with a single relay.</summary>
    public const string SocatOneHop = "socat, one hop";

    /// <summary>A virtio-serial port with socat at both ends.</summary>
    public const string RawSerial = "raw virtio-serial";

    /// <summary>No relay: the reference for the speed of the computer.</summary>
    public const string Direct = "direct TCP";

    private readonly List<ChildProcess> relays = [];

    /// <summary>Its name in the table.</summary>
    public string Name { get; } = name;

    /// <summary>The processor time that the relays have used so far.</summary>
    public TimeSpan RelayTime => TimeSpan.FromTicks(relays.Sum(relay => ProcessTime.OfTree(relay.Id).Ticks));

    /// <summary>Connects a client.</summary>
    /// <param name="index">The channel, if there are several: each serves one client.</param>
    public LoadClient Connect(int index) => new(ConnectSocket(index));

    /// <summary>Ends the relays.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (ChildProcess relay in relays)
        {
            await relay.DisposeAsync();
        }
    }

    /// <summary>Connects a client's socket.</summary>
    /// <param name="index">The channel.</param>
    protected abstract Socket ConnectSocket(int index);

    /// <summary>Adds a relay, which is ended with the chain.</summary>
    protected void Own(ChildProcess relay) => relays.Add(relay);

    /// <summary>Connects to a Unix socket.</summary>
    protected static Socket ConnectUnix(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
