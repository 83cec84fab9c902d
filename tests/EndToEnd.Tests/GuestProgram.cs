using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests;

/// <summary>A TCP server like that of a program in a guest: stores each received line and answers it.</summary>
internal sealed class GuestProgram : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, port: 0);
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public GuestProgram()
    {
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The next line that arrived.</summary>
    public Task<string> NextLineAsync() => Wait.UntilAsync(lines.Reader.ReadAsync().AsTask(), "a line from the host");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await Wait.UntilAsync(serving, "the guest program to end");
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient host = await listener.AcceptTcpClientAsync(stop.Token);
                await AnswerAsync(host);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient host)
    {
        try
        {
            using StreamReader reader = new(host.GetStream(), Encoding.UTF8);
            while (await reader.ReadLineAsync(stop.Token) is { } line)
            {
                lines.Writer.TryWrite(line);
                await host.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"Guest heard: {line}\n"), stop.Token);
            }
        }
        catch (IOException)
        {
            // A host that does not wait for its answer is no failure of the guest.
        }
    }
}
