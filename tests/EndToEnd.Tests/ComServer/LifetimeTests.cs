using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.ComServer;

/// <summary>When the server starts and when it ends.</summary>
[TestFixture]
internal sealed class LifetimeTests
{
    /// <summary>"Virtual PC serves COM clients."</summary>
    private const int ServesEventId = 5000;

    /// <summary>Some 25 s under Wine on two cores.</summary>
    private const int RoundsOfReleasing = 500;

    private const int KindsToRelease = 4;

    private ComClient client = null!;

    [OneTimeSetUp]
    public async Task Register() => client = await ComClient.CreateAsync(CppArchitecture.X64);

    [OneTimeTearDown]
    public async Task End_all()
    {
        if (client is not null)
        {
            await client.DisposeAsync();
        }
    }

    [SetUp]
    public Task Wait_for_the_last_test_s_server() => client.WaitForServerToEndAsync();

    [Test]
    public async Task The_server_runs_for_its_client_and_ends_when_it_has_been_idle()
    {
        await using RunningProgram holder = client.Start("hold");
        await holder.WaitForOutputAsync("holding 1");
        int whileHeld = client.Servers.Count;

        await holder.FinishAsync("\n");
        await client.WaitForServerToEndAsync();

        Assert.That(whileHeld, Is.EqualTo(1));
    }

    /// <summary>
    /// Under Wine 8 a server that lets the last object of an interface go while a call of that interface ends can wait for ever: see
    /// WineInterfaces, without which two of three runs of a client with four threads never ended on one machine. Each kind of object has a
    /// client process of its own since, because Wine 8's proxies do not survive it: such a client now and then jumped into oleaut32's data,
    /// and then hung.
    /// </summary>
    [Test]
    public async Task Objects_that_are_taken_and_released_all_the_time_never_stall_the_server()
    {
        IReadOnlyList<string>[] clients = await Task.WhenAll(
            Enumerable.Range(1, KindsToRelease).Select(kind => client.RunAsync("take-and-release", $"{kind}", $"{RoundsOfReleasing}")));

        Assert.That(clients, Is.All.Empty);
    }

    [Test]
    public async Task A_client_that_dies_without_releasing_does_not_keep_the_server()
    {
        await using RunningProgram holder = client.Start("hold");
        await holder.WaitForOutputAsync("holding 1");

        holder.Kill();

        await client.WaitForServerToEndAsync();
    }

    [Test]
    public async Task The_death_of_one_client_takes_nothing_from_another()
    {
        await using RunningProgram survivor = client.Start("hold");
        await survivor.WaitForOutputAsync("holding 1");
        await using (RunningProgram victim = client.Start("hold"))
        {
            await victim.WaitForOutputAsync("holding 1");
            victim.Kill();
        }

        // Another client still finds the same server, and later the survivor ends without a failure.
        await client.RunAsync("facts");
        int servers = client.Servers.Count;
        ProgramResult result = await survivor.FinishAsync("\n");

        Assert.That(servers, Is.EqualTo(1));
        Assert.That(result.OutputLines[^1], Is.EqualTo("done"), result.ToString());
    }

    [Test]
    public async Task A_running_machine_keeps_the_server_without_any_client()
    {
        await using RunningProgram holder = client.Start("hold");
        await holder.WaitForOutputAsync("holding 1");
        await client.RunScriptAsync("""
            Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
            machine.Startup.WaitForCompletion 60000
            """);
        int server = client.Servers.Single();
        await holder.WriteLineAsync("release");
        await holder.WaitForOutputAsync("done");

        // The server's own clock determines when the idle time would have ended.
        const string UpTime = "WScript.Echo CreateObject(\"VirtualPC.Application\").UpTime";
        int before = int.Parse((await client.RunScriptAsync(UpTime)).Single());
        await Wait.UntilAsync(
            async () =>
                int.Parse((await client.RunScriptAsync(UpTime)).Single()) > before + (3 * ComClient.IdleSeconds), "the idle time to pass");
        int later = client.Servers.Single();
        IReadOnlyList<string> state = await client.RunScriptAsync("""
            Set machine = CreateObject("VirtualPC.Application").FindVirtualMachine("Windows XP Mode")
            WScript.Echo machine.State
            machine.TurnOff.WaitForCompletion 60000
            """);
        await client.WaitForServerToEndAsync();

        Assert.That(later, Is.EqualTo(server));
        Assert.That(state.Single(), Is.EqualTo("5"));
    }

    [Test]
    public async Task No_activation_is_lost_around_the_moment_at_which_the_server_ends()
    {
        IReadOnlyList<string> lines = await client.RunAsync("race", "12", $"{ComClient.IdleSeconds * 1000}");

        Assert.That(string.Join('\n', lines), Is.EqualTo("failures: 0"));
    }

    [Test]
    public async Task Clients_that_come_at_once_get_one_server()
    {
        int before = client.CountLogEntries(ServesEventId);
        RunningProgram[] clients = [.. Enumerable.Range(0, 6).Select(_ => client.Start("hold"))];
        foreach (RunningProgram one in clients)
        {
            await one.WaitForOutputAsync("holding 1");
        }

        // Wine starts a process for each of them; one of these serves, as its log shows.
        int serving = client.CountLogEntries(ServesEventId) - before;
        foreach (RunningProgram one in clients)
        {
            await one.WriteLineAsync("release");
            await one.WaitForOutputAsync("done");
            await one.DisposeAsync();
        }

        await client.WaitForServerToEndAsync();
        Assert.That(serving, Is.EqualTo(1));
    }
}
