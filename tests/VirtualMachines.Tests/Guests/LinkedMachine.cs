using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Guests;

/// <summary>A running machine that only returns links created by a test.</summary>
internal sealed class LinkedMachine : IRunningMachine
{
    private readonly Channel<Stream> links = Channel.CreateUnbounded<Stream>();
    private readonly TaskCompletionSource<MachineEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => ended.Task;

    /// <inheritdoc/>
    public MachineCapabilities Capabilities => MachineCapabilities.None;

    /// <summary>Creates a link whose other end is returned to the host at its next request.</summary>
    /// <returns>The guest's end.</returns>
    public async Task<Stream> PlugInAsync()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Socket guest = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Task<Socket> accepting = listener.AcceptSocketAsync();
        await guest.ConnectAsync(listener.LocalEndpoint);
        Socket host = await accepting;
        host.NoDelay = true;
        links.Writer.TryWrite(new NetworkStream(host, ownsSocket: true));
        return new NetworkStream(guest, ownsSocket: true);
    }

    /// <summary>Ends the machine.</summary>
    public void End()
    {
        ended.TrySetResult(new MachineEnd(MachineEndReason.TurnedOff, "turned off"));
        links.Writer.TryComplete();
    }

    /// <inheritdoc/>
    public async Task<Stream> ConnectBusAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await links.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new IOException("The machine has ended.");
        }
    }

    /// <inheritdoc/>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResumeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResetAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task TurnOffAsync(CancellationToken cancellationToken)
    {
        End();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End();
        while (links.Reader.TryRead(out Stream? unused))
        {
            await unused.DisposeAsync();
        }
    }
}
