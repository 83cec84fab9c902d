using System.Net.Sockets;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Processes;

namespace VpcComApi.ChannelBench.Chains;

/// <summary>A way from a client on the host to the load's server: what is measured.</summary>
/// <param name="name">Its name in the table.</param>
internal abstract class Chain(string name) : IAsyncDisposable
{
    /// <summary>The product.</summary>
    public const string Product = "product";

    /// <summary>socat as we are built: a relay on the host, a relay in the guest.</summary>
    public const string SocatTwoHops = "socat, two hops";

    /// <summary>socat with one relay for all.</summary>
    public const string SocatOneHop = "socat, one hop";

    /// <summary>A virtio-serial port with socat at both ends.</summary>
    public const string RawSerial = "raw virtio-serial";

    /// <summary>No relay: the yardstick of the machine.</summary>
    public const string Direct = "direct TCP";

    private readonly List<ChildProcess> relays = [];

    /// <summary>Its name in the table.</summary>
    public string Name { get; } = name;

    /// <summary>What the relays have used of the processors so far.</summary>
    public TimeSpan RelayTime => TimeSpan.FromTicks(relays.Sum(relay => ProcessTime.OfTree(relay.Id).Ticks));

    /// <summary>Connects a client.</summary>
    /// <param name="index">Which channel, where there are several: each bears one client.</param>
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
    /// <param name="index">Which channel.</param>
    protected abstract Socket ConnectSocket(int index);

    /// <summary>Takes a relay over.</summary>
    protected void Own(ChildProcess relay) => relays.Add(relay);

    /// <summary>Connects to a Unix socket.</summary>
    protected static Socket ConnectUnix(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }
}
