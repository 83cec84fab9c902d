using System.Net.Sockets;
using VpcComApi.CommandLine.Hosting;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Tests;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LocalMachinesSourceTests : IDisposable
{
    private readonly TestDirectory folder = new();
    private readonly FakeMachine xp = new("XP");
    private readonly FakeMachinesHost host;
    private readonly HostEndpoint endpoint;
    private int openings;

    public LocalMachinesSourceTests()
    {
        host = new FakeMachinesHost(new FakeMachines(xp));
        endpoint = HostEndpoint.Of(folder.FullPath);
    }

    public void Dispose() => folder.Dispose();

    [Test]
    public async Task The_first_that_needs_the_machines_hosts_them_and_the_next_connects_to_it()
    {
        await using IMachinesSession first = await CreateSource().HostOrConnectAsync(CancellationToken.None);
        await using IMachinesSession second = await CreateSource().HostOrConnectAsync(CancellationToken.None);
        await using IMachinesSession third = await CreateSource().ConnectAsync(CancellationToken.None);

        Assert.That(new[] { first.IsHostedHere, second.IsHostedHere, third.IsHostedHere }, Is.EqualTo([true, false, false]));
        Assert.That(openings, Is.EqualTo(1));
        await first.Machines.StartAsync("XP", trustParent: false, CancellationToken.None);
        Assert.That((await third.Machines.ListAsync(CancellationToken.None)).Machines.Single().State, Is.EqualTo(MachineState.Running));
    }

    [Test]
    public async Task A_host_that_ends_ends_what_it_hosts_and_leaves_its_place_to_the_next()
    {
        await (await CreateSource().HostOrConnectAsync(CancellationToken.None)).DisposeAsync();

        Assert.That(host.IsDisposed, Is.True);
        Assert.That(File.Exists(endpoint.Socket), Is.False);
        await using IMachinesSession next = await CreateSource().HostOrConnectAsync(CancellationToken.None);
        Assert.That(next.IsHostedHere, Is.True);
    }

    [Test]
    public async Task Where_there_is_no_host_one_is_started()
    {
        Task<bool>? hosting = null;
        using CancellationTokenSource end = new();
        LocalMachinesSource source = CreateSource(startHost: _ =>
        {
            TaskCompletionSource ready = new();
            hosting = CreateSource().HostUntilIdleAsync(ready.SetResult, end.Token);
            return ready.Task;
        });

        await using (IMachinesSession session = await source.ConnectAsync(CancellationToken.None))
        {
            Assert.That(session.Host.ProcessId, Is.EqualTo(4711));
        }

        await end.CancelAsync();
        Assert.That(await Wait.UntilAsync(hosting!, "the host to end"), Is.True);
    }

    [Test]
    public async Task A_socket_that_a_dead_host_left_is_replaced()
    {
        using (Socket left = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(endpoint.Socket));
        }

        File.WriteAllText(endpoint.LockFile, "left behind");

        await using IMachinesSession session = await CreateSource().HostOrConnectAsync(CancellationToken.None);
        Assert.That(session.IsHostedHere, Is.True);
        await using IMachinesSession other = await CreateSource().ConnectAsync(CancellationToken.None);
        Assert.That(other.IsHostedHere, Is.False);
    }

    [Test]
    public async Task A_second_host_ends_at_once()
    {
        await using IMachinesSession first = await CreateSource().HostOrConnectAsync(CancellationToken.None);

        bool hosted = await Wait.UntilAsync(
            CreateSource().HostUntilIdleAsync(() => Assert.Fail("It must not be ready."), CancellationToken.None), "the second host");

        Assert.That(hosted, Is.False);
    }

    [Test]
    public async Task A_host_that_nobody_needs_ends_by_itself()
    {
        host.IdleTimeout = TimeSpan.FromMilliseconds(20);

        Assert.That(
            await Wait.UntilAsync(CreateSource().HostUntilIdleAsync(() => { }, CancellationToken.None), "the host to end"), Is.True);
        Assert.That(host.IsDisposed, Is.True);
    }

    [Test]
    public async Task A_host_stays_while_a_machine_runs_or_somebody_is_connected()
    {
        host.IdleTimeout = TimeSpan.FromMilliseconds(20);
        xp.State = MachineState.Running;
        TaskCompletionSource ready = new();
        Task<bool> hosting = CreateSource().HostUntilIdleAsync(ready.SetResult, CancellationToken.None);
        await Wait.UntilAsync(ready.Task, "the host");
        IMachinesSession session = await CreateSource().ConnectAsync(CancellationToken.None);

        await session.Machines.TurnOffAsync("XP", CancellationToken.None);
        // Ten times the idle timeout: that something does not happen can only be waited for.
        await Assert.ThatAsync(() => hosting.WaitAsync(10 * host.IdleTimeout), Throws.InstanceOf<TimeoutException>());

        await session.DisposeAsync();
        Assert.That(await Wait.UntilAsync(hosting, "the host to end"), Is.True);
    }

    [Test]
    public async Task A_host_of_another_version_gives_way_when_it_is_idle()
    {
        TaskCompletionSource ready = new();
        Task<bool> old = CreateSource().HostUntilIdleAsync(ready.SetResult, CancellationToken.None);
        await Wait.UntilAsync(ready.Task, "the old host");
        FakeMachinesHost newHost = new(new FakeMachines { Description = new HostDescription("2.0", 1, SeesChannels: true) });

        await using IMachinesSession session = await CreateSource("2.0", newHost).HostOrConnectAsync(CancellationToken.None);

        Assert.That(session.Host.Version, Is.EqualTo("2.0"));
        Assert.That(await Wait.UntilAsync(old, "the old host to end"), Is.True);
    }

    [Test]
    public async Task A_host_of_another_version_that_is_busy_is_not_talked_to()
    {
        xp.State = MachineState.Running;
        await using IMachinesSession old = await CreateSource().HostOrConnectAsync(CancellationToken.None);

        CommandException refusal =
            (await Assert.CatchAsync<CommandException>(() => CreateSource("2.0").ConnectAsync(CancellationToken.None)))!;

        Assert.That(refusal.ExitCode, Is.EqualTo(ExitCode.HostUnavailable));
        Assert.That(refusal.Message, Does.Contain("1.0").And.Contain("2.0").And.Contain("4711"));
    }

    [Test]
    public async Task Two_that_come_at_once_get_one_host()
    {
        IMachinesSession[] sessions = await Wait.UntilAsync(
            Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CreateSource().HostOrConnectAsync(CancellationToken.None)))),
            "all to be served");

        Assert.That(sessions.Count(session => session.IsHostedHere), Is.EqualTo(1));
        Assert.That(openings, Is.EqualTo(1));
        foreach (IMachinesSession session in sessions.OrderBy(session => session.IsHostedHere))
        {
            await session.DisposeAsync();
        }
    }

    [Test]
    public async Task A_host_that_cannot_open_the_machines_leaves_its_place()
    {
        LocalMachinesSource broken = new(endpoint, "1.0", () => throw new InvalidOperationException("broken"), NoHost);

        await Assert.ThatAsync(() => broken.HostOrConnectAsync(CancellationToken.None), Throws.InvalidOperationException);
        await using IMachinesSession next = await CreateSource().HostOrConnectAsync(CancellationToken.None);
        Assert.That(next.IsHostedHere, Is.True);
    }

    private static Task NoHost(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("This test starts no host.");

    private LocalMachinesSource CreateSource(
        string version = "1.0", FakeMachinesHost? hosted = null, Func<CancellationToken, Task>? startHost = null) => new(
            endpoint,
            version,
            () =>
            {
                Interlocked.Increment(ref openings);
                return hosted ?? host;
            },
            startHost ?? NoHost);
}
