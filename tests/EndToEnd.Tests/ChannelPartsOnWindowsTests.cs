using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests;

/// <summary>
/// The parts of a communication channel that call Windows, by their own tests: the pipe server and the ready event. WindowsTestHost runs them.
/// </summary>
[TestFixture]
internal sealed class ChannelPartsOnWindowsTests
{
    private const string Namespace = "VpcComApi.VirtualMachines.Tests.Channels";

    [SetUp]
    public void Require_Wine() => ToolRequirement.Require(ExternalTool.Wine);

    [TestCase("HostPipeListenerTests")]
    [TestCase("ReadyEventTests")]
    public async Task A_fixture_of_the_domain_passes_on_Windows(string fixture)
    {
        await using WineEnvironment wine = await WineEnvironment.CreateAsync();

        ProgramResult result = await wine.RunAsync(
            PublishedProducts.TestTool("WindowsTestHost"), ["VirtualMachines.Tests", $"{Namespace}.{fixture}"]);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.OutputLines[^1], Does.Contain(" 0 failed"), result.ToString());
    }
}
