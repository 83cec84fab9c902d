using System.Globalization;
using System.IO.Pipes;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>What dies in the middle of a transfer: its client is told, nothing is left, and the next channel works.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FaultTests : IAsyncDisposable
{
    private const string Machine = VpcctlEnvironment.Machine;

    private readonly VpcctlEnvironment vpcctl = new();
    private readonly EchoServer server = new();
    private readonly string pipe = "fault-test-" + Guid.NewGuid().ToString("N");

    private string PortText => server.Port.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await vpcctl.DisposeAsync();
        await server.DisposeAsync();
    }

    [Test]
    public async Task A_guest_killed_in_mid_transfer_ends_the_channel_with_an_event_and_can_be_started_again()
    {
        await OpenChannelAsync();
        await using NamedPipeClientStream client = await ConnectAsync();
        Task transfer = EchoUntilTheEndAsync(client);

        await VpcctlEnvironment.SignalAsync(vpcctl.Guests.Single(), "KILL");

        await Wait.UntilAsync(transfer, "the client to be told");
        Assert.That(SocketFiles(), Is.Empty, "the pipe's name is free");
        Assert.That((await vpcctl.DoAsync("log")).Output, Does.Contain(Machine).And.Contain(pipe).And.Contain(PortText));
        await OpenChannelAsync();
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_host_killed_in_mid_transfer_ends_its_clients_and_guests_and_frees_the_name()
    {
        await OpenChannelAsync();
        await using NamedPipeClientStream client = await ConnectAsync();
        Task transfer = EchoUntilTheEndAsync(client);

        await VpcctlEnvironment.SignalAsync(vpcctl.HostProcess!.Value, "KILL");

        await Wait.UntilAsync(transfer, "the client to be told");
        await Wait.UntilAsync(() => vpcctl.Guests.Count == 0, "the guests of the killed host to end");
        await OpenChannelAsync();
        await vpcctl.DoAsync("stop", Machine);
        Assert.That(SocketFiles(), Is.Empty, "what the killed host left was replaced, and went with its successor");
    }

    private async Task OpenChannelAsync()
    {
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("channel", Machine, "--pipe", pipe, "--port", PortText);
    }

    private async Task<NamedPipeClientStream> ConnectAsync()
    {
        NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync((int)Wait.DefaultLimit.TotalMilliseconds);
        await client.WriteAsync(new byte[1]);
        await client.ReadExactlyAsync(new byte[1]);
        return client;
    }

    /// <summary>Writes and reads until the other end is gone, in whatever way the pipe tells it.</summary>
    private static async Task EchoUntilTheEndAsync(NamedPipeClientStream client)
    {
        byte[] written = new byte[64 * 1024];
        byte[] read = new byte[64 * 1024];
        try
        {
            while (true)
            {
                Task writing = client.WriteAsync(written).AsTask();
                await client.ReadExactlyAsync(read);
                await writing;
            }
        }
        catch (IOException)
        {
            // The end, as a reader (end of stream) or a writer (broken pipe) sees it.
        }
    }

    private string[] SocketFiles() => Directory.GetFiles(Path.GetTempPath(), $"CoreFxPipe_{pipe}*");
}
