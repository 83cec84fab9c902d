using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests;

/// <summary>
/// The parts of a communication channel that call Windows, channels and serial lines built on them, and the locks of files, by their own
/// tests. WindowsTestHost runs them.
/// </summary>
[TestFixture]
internal sealed class ChannelPartsOnWindowsTests
{
    private const string Namespace = "VpcComApi.VirtualMachines.Tests";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [SetUp]
    public void Require_Wine() => ToolRequirement.Require(ExternalTool.Wine);

    [TestCase("Channels.HostPipeListenerTests")]
    [TestCase("Channels.ReadyEventTests")]
    [TestCase("Channels.CommunicationChannelTests")]
    [TestCase("Channels.ChannelEnduranceTests")]
    [TestCase("Peripherals.SerialPipeTests")]
    [TestCase("Configuration.FileUseLockTests")]
    public async Task A_fixture_of_the_domain_passes_on_Windows(string fixture)
    {
        await using WineEnvironment wine = await WineEnvironment.CreateAsync();

        ProgramResult result = await wine.RunAsync(
            PublishedProducts.TestTool("WindowsTestHost"), ["VirtualMachines.Tests", $"{Namespace}.{fixture}"], limit: Limit);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.OutputLines[^1], Does.Contain(" 0 failed"), result.ToString());
    }
}
