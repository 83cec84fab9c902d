using System.Net.Sockets;
using StreamJsonRpc;
using VpcComApi.CommandLine.Hosting;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Tests;

/// <summary>Calls between two ends of a real socket.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MachinesWireTests : IAsyncDisposable
{
    private readonly FakeMachine xp = new("XP");
    private readonly TestDirectory folder = new();
    private readonly FakeMachines served;
    private readonly HostServer server;
    private readonly JsonRpc connection;
    private readonly IMachines machines;

    private string SocketPath => folder.PathOf("s");

    public MachinesWireTests()
    {
        served = new FakeMachines(xp);
        server = HostServer.Start(served, SocketPath);
        connection = Open(out machines);
    }

    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task Every_call_arrives_and_every_answer_comes_back()
    {
        CancellationToken none = CancellationToken.None;
        served.Configuration.Add(new ConfigurationValue("a/b", "boolean", "true"));

        Assert.That(await machines.GetHostAsync(none), Is.EqualTo(served.Description));
        Assert.That(
            (await machines.CreateAsync("New", null, 64, "/disks/a.vhd", [new("a/b", "integer", "1")], none)).Name, Is.EqualTo("New"));
        Assert.That(await machines.ReadConfigurationAsync("XP", ["a/b"], none), Is.EqualTo(served.Configuration));
        await machines.ChangeConfigurationAsync("XP", [new("a/b", "string", "x")], ["c/d"], none);
        await machines.RemoveAsync("New", keepFiles: true, none);
        Assert.That((await machines.RegisterAsync("/vm/Old.vmc", none)).Name, Is.EqualTo("Old"));
        await machines.DiscardSavedStateAsync("Old", none);
        await machines.DiscardUndoDisksAsync("Old", none);
        await machines.RemoveAsync("Old", keepFiles: true, none);
        Assert.That((await machines.StartAsync("XP", trustParent: true, none)).Description, Is.EqualTo("start trusting XP"));
        Assert.That(await machines.WaitUntilReadyAsync("XP", 0, none), Is.True);
        Assert.That((await machines.GetAsync("XP", none)).HeartbeatPercent, Is.EqualTo(100));
        await machines.OpenChannelAsync("XP", @"\\.\pipe\p", 6174, none);
        Assert.That(await machines.ListChannelsAsync(null, none), Is.EqualTo(xp.Channels));
        Assert.That((await machines.ListDevicesAsync("XP", none)).Single().ChannelId, Is.EqualTo(3));
        Assert.That((await machines.CaptureScreenAsync("XP", none)).Png, Is.EqualTo(new byte[] { 1, 2, 3 }));
        await machines.TypeAsync("XP", "Key_A", isKeySequence: true, none);
        await machines.PauseAsync("XP", none);
        await machines.ResumeAsync("XP", none);
        await machines.ResetAsync("XP", none);
        await machines.ShutDownAsync("XP", force: true, none);
        await machines.TurnOffAsync("XP", none);
        OperationProgress saved = await machines.SaveAsync("XP", none);
        Assert.That(saved.IsComplete, Is.True);
        Assert.That((await machines.ListAsync(none)).Machines.Single().State, Is.EqualTo(MachineState.Saved));
        Assert.That(await machines.EndHostIfIdleAsync(none), Is.True);

        Assert.That(
            served.Calls,
            Is.EqualTo(
                [
                    "create New  64 /disks/a.vhd a/b:integer=1", "read XP a/b", "change XP a/b:string=x -c/d", "remove New True",
                    "register /vm/Old.vmc", "discard Old",
                    "discard undo Old", "remove Old True", "start trusting XP", @"open \\.\pipe\p 6174 XP", "type XP Key_A True",
                    "pause XP", "resume XP", "reset XP",
                    "shut down by force XP", "turn off XP", "save XP",
                ]));
    }

    [TestCase(VirtualMachineError.ConnectionRefused)]
    [TestCase(VirtualMachineError.TimedOut)]
    [TestCase(VirtualMachineError.Unexpected)]
    public async Task A_refusal_keeps_its_kind_and_its_text(VirtualMachineError error)
    {
        xp.State = MachineState.Running;
        xp.ChannelRefusal = new VirtualMachineException(error, "Nobody listens on port 6174 in \"XP\".");

        RemoteInvocationException remote = (await Assert.ThrowsAsync<RemoteInvocationException>(
            () => machines.OpenChannelAsync("XP", "p", 6174, CancellationToken.None)))!;

        VirtualMachineException refusal = RemoteErrors.ToException(remote);
        Assert.That(refusal.Error, Is.EqualTo(error));
        Assert.That(refusal.Message, Is.EqualTo("Nobody listens on port 6174 in \"XP\"."));
    }

    [Test]
    public async Task A_cancelled_call_is_cancelled_in_the_host()
    {
        xp.State = MachineState.Running;
        xp.GuestComesUp = false;
        using CancellationTokenSource cancel = new();
        Task<bool> call = machines.WaitUntilReadyAsync("XP", 10_000, cancel.Token);
        await Wait.UntilAsync(served.HangingCallArrived.Task, "the call to arrive");

        await cancel.CancelAsync();

        await Assert.ThatAsync(() => call, Throws.InstanceOf<OperationCanceledException>());
        await Wait.UntilAsync(served.HangingCallCancelled.Task, "the call to be cancelled");
    }

    [Test]
    public async Task A_call_of_a_client_that_goes_is_cancelled_in_the_host()
    {
        xp.State = MachineState.Running;
        xp.GuestComesUp = false;
        JsonRpc other = Open(out IMachines proxy);
        Task<bool> call = proxy.WaitUntilReadyAsync("XP", 10_000, CancellationToken.None);
        await Wait.UntilAsync(served.HangingCallArrived.Task, "the call to arrive");

        other.Dispose();

        await Wait.UntilAsync(served.HangingCallCancelled.Task, "the call to be cancelled");
        await Assert.ThatAsync(() => call, Throws.Exception);
        await Wait.UntilAsync(() => server.Connections == 1, "the connection to be forgotten");
    }

    [Test]
    public async Task A_host_that_ends_fails_the_calls_that_wait()
    {
        xp.State = MachineState.Running;
        xp.GuestComesUp = false;
        Task<bool> call = machines.WaitUntilReadyAsync("XP", 10_000, CancellationToken.None);
        await Wait.UntilAsync(served.HangingCallArrived.Task, "the call to arrive");

        await server.DisposeAsync();

        Exception failure = (await Assert.CatchAsync(async () => await call))!;
        Assert.That(Failure.Of(failure).ExitCode, Is.EqualTo(ExitCode.HostUnavailable));
        Assert.That(File.Exists(SocketPath), Is.False);
    }

    [Test]
    public async Task Many_clients_are_served_at_once()
    {
        List<JsonRpc> connections = [];
        List<IMachines> clients = [];
        for (int i = 0; i < 20; i++)
        {
            connections.Add(Open(out IMachines client));
            clients.Add(client);
        }

        HostDescription[] answers = await Task.WhenAll(clients.Select(client => client.GetHostAsync(CancellationToken.None)));

        Assert.That(answers, Is.All.EqualTo(served.Description));
        connections.ForEach(client => client.Dispose());
        await Wait.UntilAsync(() => server.Connections == 1, "the connections to be forgotten");
    }

    [Test]
    public async Task Bytes_that_are_no_call_end_their_own_connection_only()
    {
        using Socket stranger = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await stranger.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        await stranger.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        int received = await Wait.UntilAsync(stranger.ReceiveAsync(new byte[1]), "the connection to end");

        Assert.That(received, Is.Zero);
        Assert.That(await machines.GetHostAsync(CancellationToken.None), Is.EqualTo(served.Description));
    }

    private JsonRpc Open(out IMachines proxy)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return MachinesWire.Connect(new NetworkStream(socket, ownsSocket: true), out proxy);
    }
}
