using System.Globalization;
using System.IO.Pipes;
using System.Runtime.Versioning;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>A process that dies during a transfer: its client is notified, nothing is left, and the next channel works.</summary>
[Platform("Linux")]
[UnsupportedOSPlatform("windows")]
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

        await Wait.UntilAsync(transfer, "the client to be reported");
        await Wait.UntilAsync(() => SocketFiles().Length == 0, "the pipe's name to be free");
        Assert.That((await vpcctl.DoAsync("log")).Output, Does.Contain(Machine).And.Contain(pipe).And.Contain(PortText));
        // The channel ends first; the machine is off when its resources are released.
        await Wait.UntilAsync(
            async () => (await vpcctl.DoAsync("list", "--json")).Output.Contains("\"state\": \"TurnedOff\"", StringComparison.Ordinal),
            "the machine to be off");
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

        await Wait.UntilAsync(transfer, "the client to be reported");
        await Wait.UntilAsync(() => vpcctl.Guests.Count == 0, "the guests of the killed host to end");
        await OpenChannelAsync();
        await vpcctl.DoAsync("stop", Machine);
        Assert.That(SocketFiles(), Is.Empty, "what the killed host left was replaced, and went with its successor");
    }

    [Test]
    public async Task A_machine_paused_in_mid_transfer_stalls_it_and_loses_nothing()
    {
        await OpenChannelAsync();
        await using NamedPipeClientStream client = await ConnectAsync();
        await vpcctl.DoAsync("pause", Machine);
        byte[] sent = new byte[16 * 1024 * 1024];
        new Random(1).NextBytes(sent);
        byte[] received = new byte[sent.Length];
        Task transfer = Task.WhenAll(client.WriteAsync(sent).AsTask(), client.ReadExactlyAsync(received).AsTask());
        await Wait.UntilAsync(
            async () => (await vpcctl.DoAsync("channels", "--json")).Output.Contains("\"state\": \"Stalled\"", StringComparison.Ordinal),
            "the channel to stall");
        Assert.That(transfer.IsCompleted, Is.False);

        await vpcctl.DoAsync("resume", Machine);

        await Wait.UntilAsync(transfer, "the rest of the bytes");
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True);
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_guest_service_that_is_replaced_comes_with_the_next_reset_and_its_channels_end()
    {
        using ProgramFolder programs = new();
        using TestDirectory seen = new();
        string upgraded = seen.PathOf("upgraded");
        await using VpcctlEnvironment replaced = new(programs.CommandLine);
        await replaced.DoAsync("start", Machine);
        await replaced.DoAsync("channel", Machine, "--pipe", pipe, "--port", PortText);
        await using NamedPipeClientStream client = await ConnectAsync();
        Task transfer = EchoUntilTheEndAsync(client);
        programs.ReplaceGuestService(
            $"#!/bin/sh\ntouch '{upgraded}'\nexec \"$(dirname \"$0\")/{ProgramFolder.HonestGuestService}\" \"$@\"\n");
        Assert.That(transfer.IsCompleted, Is.False, "a new program on disk changes nothing for the one that runs");

        await replaced.DoAsync("reset", Machine);

        await Wait.UntilAsync(transfer, "the client to be reported");
        Assert.That((await replaced.DoAsync("log")).Output, Does.Contain(pipe).And.Contain("was reset"));
        await Wait.UntilAsync(
            async () => (await replaced.DoAsync("state", Machine, "--json")).Output.Contains("\"ready\": true", StringComparison.Ordinal),
            "the new guest service to be up");
        Assert.That(upgraded, Does.Exist);
        await replaced.DoAsync("channel", Machine, "--pipe", pipe, "--port", PortText);
        await using (NamedPipeClientStream next = await ConnectAsync())
        {
            // The next channel works.
        }

        await replaced.DoAsync("stop", Machine);
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

    /// <summary>Writes and reads until the pipe reports the end of the other side in any way.</summary>
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
