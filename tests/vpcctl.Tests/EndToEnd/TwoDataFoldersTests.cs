using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>One .vmc file in the lists of two data folders, whose hosts are two processes.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TwoDataFoldersTests : IAsyncDisposable
{
    private const string Machine = "In two lists";

    private readonly VpcctlEnvironment one = new();
    private readonly VpcctlEnvironment other = new();

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await other.DisposeAsync();
    }

    [Test]
    public async Task It_runs_once_nobody_removes_it_meanwhile_and_a_killed_host_frees_it()
    {
        await one.DoAsync("create", Machine);
        await other.DoAsync("list");
        string file = Path.Combine(one.DataFolder, "Virtual Machines", Machine + ".vmc");
        await File.AppendAllLinesAsync(Path.Combine(other.DataFolder, "Registrations.txt"), [file]);
        await one.DoAsync("start", Machine);

        await AssertInUseAsync("start", Machine);
        await AssertInUseAsync("remove", Machine);
        Assert.That(file, Does.Exist);
        await VpcctlEnvironment.SignalAsync(one.HostProcess!.Value, "KILL");
        await Wait.UntilAsync(() => one.Guests.Count == 0, "the guests of the killed host to end");

        await other.DoAsync("start", Machine);
        await other.DoAsync("stop", Machine);
        await other.DoAsync("remove", Machine);
        Assert.That(file, Does.Not.Exist);
        Assert.That(file + ".lock", Does.Not.Exist);
    }

    private async Task AssertInUseAsync(params string[] arguments)
    {
        ProgramResult result = await other.RunAsync(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("in use by another process"));
    }
}
