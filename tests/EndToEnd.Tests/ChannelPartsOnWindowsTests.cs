using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests;

/// <summary>
/// The parts of a communication channel that call Windows, and channels built on them, by their own tests. WindowsTestHost runs them.
/// </summary>
[TestFixture]
internal sealed class ChannelPartsOnWindowsTests
{
    private const string Namespace = "VpcComApi.VirtualMachines.Tests.Channels";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [SetUp]
    public void Require_Wine() => ToolRequirement.Require(ExternalTool.Wine);

    [TestCase("HostPipeListenerTests")]
    [TestCase("ReadyEventTests")]
    [TestCase("CommunicationChannelTests")]
    [TestCase("ChannelEnduranceTests")]
    public async Task A_fixture_of_the_domain_passes_on_Windows(string fixture)
    {
        await using WineEnvironment wine = await WineEnvironment.CreateAsync();

        ProgramResult result = await wine.RunAsync(
            PublishedProducts.TestTool("WindowsTestHost"), ["VirtualMachines.Tests", $"{Namespace}.{fixture}"], limit: Limit);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.OutputLines[^1], Does.Contain(" 0 failed"), result.ToString());
    }
}
