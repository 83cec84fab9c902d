using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests;

/// <summary>The environment that all end-to-end tests use.</summary>
[TestFixture]
internal sealed class WineEnvironmentTests
{
    [SetUp]
    public void Require_Wine() => ToolRequirement.Require(ExternalTool.Wine);

    [Test]
    public async Task A_program_gets_its_arguments_and_input_and_gives_output_and_exit_code()
    {
        await using WineEnvironment wine = await WineEnvironment.CreateAsync();

        ProgramResult result = await wine.RunAsync("cmd", ["/v:on", "/c", "set /p line= & echo !line! & exit 7"], input: "hello\r\n");

        Assert.That(result.ExitCode, Is.EqualTo(7), result.ToString());
        Assert.That(result.Output, Does.Contain("hello"));
    }

    [Test]
    public async Task A_program_that_takes_too_long_is_killed_and_named()
    {
        await using WineEnvironment wine = await WineEnvironment.CreateAsync();

        TimeoutException? timeout = await Assert.ThrowsAsync<TimeoutException>(
            () => wine.RunAsync("cmd", ["/c", "pause"], limit: TimeSpan.FromMilliseconds(1)));

        Assert.That(timeout!.Message, Does.Contain("cmd"));
        Assert.That(wine.ProcessesOf("pause"), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "On Windows there is one registry for all.")]
    public async Task Environments_share_no_registry_and_leave_nothing_behind()
    {
        WineEnvironment first = await WineEnvironment.CreateAsync();
        WineEnvironment second = await WineEnvironment.CreateAsync();

        await first.RunAsync("reg", ["add", @"HKCU\Software\OnlyInFirst", "/ve", "/d", "x", "/f"]);
        string inFirst = await first.ExportRegistryAsync(@"HKCU\Software\OnlyInFirst");
        string inSecond = await second.ExportRegistryAsync(@"HKCU\Software\OnlyInFirst");
        int whileRunning = ProcessLedger.Find(first.Marker).Count;
        await first.DisposeAsync();
        await second.DisposeAsync();

        Assert.That(inFirst, Does.Contain("OnlyInFirst"));
        Assert.That(inSecond, Is.Empty);
        Assert.That(whileRunning, Is.Positive);
        Assert.That(ProcessLedger.Find(first.Marker), Is.Empty);
        Assert.That(Directory.Exists(first.Marker), Is.False);
    }
}
