using System.Diagnostics;
using System.Net.Sockets;
using VpcComApi.ChannelBench.Processes;

namespace VpcComApi.ChannelBench.Chains;

/// <summary>socat between a Unix socket and the server: one process for each client and hop.</summary>
internal sealed class SocatChain : Chain
{
    /// <summary>The size of the client's writes.</summary>
    private const string BufferSize = "65536";

    /// <summary>Connections that may wait to be accepted.</summary>
    private const string Listen = "fork,backlog=1024";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private readonly string front;

    private SocatChain(string name, string front)
        : base(name) => this.front = front;

    /// <summary>Starts a chain with one hop: Unix socket to TCP.</summary>
    /// <param name="folder">For the socket.</param>
    /// <param name="port">The server's port.</param>
    public static Task<SocatChain> StartOneHopAsync(string folder, int port) => StartAsync(
        new SocatChain(SocatOneHop, Path.Combine(folder, "one")), [], Tcp(port));

    /// <summary>Starts a chain with two hops, like a channel: Unix socket to Unix socket to TCP.</summary>
    /// <param name="folder">For the sockets.</param>
    /// <param name="port">The server's port.</param>
    public static Task<SocatChain> StartTwoHopsAsync(string folder, int port) => StartAsync(
        new SocatChain(SocatTwoHops, Path.Combine(folder, "two")), [Path.Combine(folder, "between")], Tcp(port));

    /// <summary>Starts one relay for one client between two Unix sockets.</summary>
    /// <param name="front">Where it listens.</param>
    /// <param name="back">Where it connects to, when its client has connected.</param>
    public static async Task<ChildProcess> StartRelayAsync(string front, string back)
    {
        ChildProcess relay = ChildProcess.StartLimited("socat", ["-b", BufferSize, $"UNIX-LISTEN:{front}", $"UNIX-CONNECT:{back}"]);
        await WaitForFileAsync(front);
        return relay;
    }

    /// <inheritdoc/>
    protected override Socket ConnectSocket(int index) => ConnectUnix(front);

    private static string Tcp(int port) => $"TCP:127.0.0.1:{port},nodelay";

    private static async Task<SocatChain> StartAsync(SocatChain chain, string[] between, string server)
    {
        try
        {
            string[] listeners = [chain.front, .. between];
            for (int hop = listeners.Length - 1; hop >= 0; hop--)
            {
                string next = hop == listeners.Length - 1 ? server : $"UNIX-CONNECT:{listeners[hop + 1]}";
                chain.Own(ChildProcess.StartLimited("socat", ["-b", BufferSize, $"UNIX-LISTEN:{listeners[hop]},{Listen}", next]));
                await WaitForFileAsync(listeners[hop]);
            }

            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    private static async Task WaitForFileAsync(string path)
    {
        long began = Stopwatch.GetTimestamp();
        while (!File.Exists(path))
        {
            if (Stopwatch.GetElapsedTime(began) > StartLimit)
            {
                throw new TimeoutException($"socat did not listen on {path} within {StartLimit.TotalSeconds:0} s.");
            }

            await Task.Delay(10);
        }
    }
}
