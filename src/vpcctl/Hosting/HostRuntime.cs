using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Hosting;

/// <summary>This process as the one that hosts a user's machines: it holds the lock, and serves the other programs of the user.</summary>
internal sealed class HostRuntime : IAsyncDisposable
{
    private readonly FileStream held;
    private readonly IMachinesHost host;
    private readonly HostServer server;
    private readonly SemaphoreSlim changes = new(0, 1);

    private HostRuntime(FileStream held, IMachinesHost host, HostServer server)
    {
        this.held = held;
        this.host = host;
        this.server = server;
        host.NeedChanged += OnChanged;
        server.ConnectionsChanged += OnChanged;
    }

    /// <summary>The machines.</summary>
    public IMachines Machines => host.Machines;

    /// <summary>Whether a machine is powered up or an operation runs.</summary>
    public bool IsBusy => host.IsBusy;

    /// <summary>Becomes the host.</summary>
    /// <param name="endpoint">Where the other programs find it.</param>
    /// <param name="open">Opens what is hosted, when this process has become the host.</param>
    /// <returns>Null when another process is the host.</returns>
    public static async Task<HostRuntime?> TryStartAsync(HostEndpoint endpoint, Func<IMachinesHost> open)
    {
        FileStream? held = TryLock(endpoint.LockFile);
        if (held is null)
        {
            return null;
        }

        IMachinesHost? host = null;
        try
        {
            host = open();
            return new HostRuntime(held, host, HostServer.Start(host.Machines, endpoint.Socket));
        }
        catch
        {
            if (host is not null)
            {
                await host.DisposeAsync();
            }

            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no machine is up and no operation runs.</summary>
    public async Task WaitUntilNotBusyAsync(CancellationToken cancellationToken)
    {
        while (host.IsBusy)
        {
            await changes.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Waits until the host has not been needed, neither by a machine nor by another program, for as long as it stays then, or is asked to
    /// go.
    /// </summary>
    public async Task WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            bool isNeeded = host.IsBusy || server.Connections > 0;
            if (!host.IsBusy && host.IsEndRequested)
            {
                return;
            }

            if (!await changes.WaitAsync(isNeeded ? Timeout.InfiniteTimeSpan : host.IdleTimeout, cancellationToken) && !isNeeded)
            {
                return;
            }
        }
    }

    /// <summary>Stops serving, ends what runs, and gives the lock up.</summary>
    public async ValueTask DisposeAsync()
    {
        host.NeedChanged -= OnChanged;
        server.ConnectionsChanged -= OnChanged;
        await server.DisposeAsync();
        await host.DisposeAsync();
        await held.DisposeAsync();
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            // The system gives the lock up when this process dies, however it dies. The file stays: to delete it would race with the next
            // holder.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void OnChanged(object? sender, EventArgs e)
    {
        try
        {
            changes.Release();
        }
        catch (SemaphoreFullException)
        {
            // A change that nobody has looked at yet stands for this one too.
        }
    }
}
