using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ExampleProvider.Tests;

/// <summary>The conformance suite over the example provider.</summary>
internal sealed class ExampleProviderConformanceTests : ProviderConformanceTests
{
    private readonly ExampleProvider provider = new();

    /// <inheritdoc/>
    /// <remarks>Its guests send back what they receive on any port.</remarks>
    protected override int EchoPort => 7;

    /// <inheritdoc/>
    protected override string KilledDescription => "crashed";

    [OneTimeTearDown]
    public async Task DisposeProvider() => await provider.DisposeAsync();

    /// <inheritdoc/>
    protected override IMachineProvider CreateProvider() => provider;

    /// <inheritdoc/>
    protected override void KillMachineFromOutside() => provider.Running.Single().Crash();

    /// <inheritdoc/>
    protected override Task AssertNothingLeftAsync() => Wait.UntilAsync(() => provider.Running.Count == 0, "all machines to end");
}
