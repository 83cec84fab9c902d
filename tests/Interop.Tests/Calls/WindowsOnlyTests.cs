using VpcComApi.TestSupport;

namespace VpcComApi.Interop.Tests.Calls;

/// <summary>What needs OLE automation: arrays in a VARIANT, IErrorInfo. A program of its own checks it, on Windows or under Wine.</summary>
[TestFixture]
public sealed class WindowsOnlyTests
{
    [Test]
    public async Task Arrays_and_error_texts_cross_and_nothing_leaks()
    {
        ToolRequirement.Require(ExternalTool.Wine);
        await using WineEnvironment wine = await WineEnvironment.CreateAsync();

        ProgramResult result = await wine.RunAsync(PublishedProducts.TestTool("MarshallingProbe"), limit: TimeSpan.FromMinutes(1));

        Assert.That(result.OutputLines[^1], Does.Match("^[1-9][0-9]* checks, 0 failed$"), result.ToString());
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }
}
