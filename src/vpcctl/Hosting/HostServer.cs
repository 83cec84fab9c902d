using System.Net.Sockets;
using StreamJsonRpc;
using VpcComApi.CommandLine.Machines;
using VpcComApi.Platform.Linux;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>Serves machines to the programs of this user that connect to a Unix socket.</summary>
internal sealed class HostServer : IAsyncDisposable
{
    /// <summary>How many programs may be connected at once; more wait for their turn.</summary>
    public const int MaximumConnections = 64;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly IMachines machines;
    private readonly string path;
    private readonly Socket listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim places = new(MaximumConnections);
    private readonly HashSet<JsonRpc> connections = [];
    private readonly Task accepting;

    private HostServer(IMachines machines, string path, Socket listener)
    {
        this.machines = machines;
        this.path = path;
        this.listener = listener;
        accepting = AcceptAsync();
    }

    /// <summary>A program has connected or gone.</summary>
    public event EventHandler? ConnectionsChanged;

    /// <summary>How many programs are connected.</summary>
    public int Connections
    {
        get
        {
            lock (gate)
            {
                return connections.Count;
            }
        }
    }

    /// <summary>
    /// Begins to serve. The caller holds the lock of the endpoint, so that a socket that is there was left by a host that died.
    /// </summary>
    /// <param name="machines">What is served.</param>
    /// <param name="path">The socket's full path, in a folder that only this user can enter.</param>
    public static HostServer Start(IMachines machines, string path)
    {
        File.Delete(path);
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            return new HostServer(machines, path, listener);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Ends all connections and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        // Gone first, so that who comes now sees that nobody is there and starts a host of its own.
        File.Delete(path);
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting;
        List<JsonRpc> open;
        lock (gate)
        {
            open = [.. connections];
        }

        open.ForEach(connection => connection.Dispose());
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await places.WaitAsync(stopping.Token);
                Add(await AcceptOneAsync());
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    private async Task<Socket> AcceptOneAsync()
    {
        while (true)
        {
            try
            {
                return await listener.AcceptAsync(stopping.Token);
            }
            catch (SocketException) when (!stopping.IsCancellationRequested)
            {
                // The client gave up meanwhile, or this process is out of handles for the moment.
                await Task.Delay(PauseAfterFailure, stopping.Token);
            }
        }
    }

    private void Add(Socket socket)
    {
        // The folder keeps other users out. This is for a folder that somebody has opened.
        if (!UnixPeerCredentials.IsOurUserOrRoot(socket))
        {
            socket.Dispose();
            places.Release();
            return;
        }

        JsonRpc connection = MachinesWire.Serve(new NetworkStream(socket, ownsSocket: true), machines);
        lock (gate)
        {
            connections.Add(connection);
        }

        _ = connection.Completion.ContinueWith(
            _ => Remove(connection), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        ConnectionsChanged?.Invoke(this, EventArgs.Empty);
    }

    private void Remove(JsonRpc connection)
    {
        lock (gate)
        {
            connections.Remove(connection);
        }

        connection.Dispose();
        places.Release();
        ConnectionsChanged?.Invoke(this, EventArgs.Empty);
    }
}
