using System.Diagnostics;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.Tests;

/// <summary>The conformance suite over emulated machines, with the real guest service in real processes.</summary>
public sealed class EmulatedMachineConformanceTests : ProviderConformanceTests
{
    private MachineTestEnvironment environment = null!;
    private EchoServer echo = null!;

    /// <inheritdoc/>
    protected override int EchoPort => echo.Port;

    /// <inheritdoc/>
    protected override bool AnswersOnSerialPort => true;

    [OneTimeSetUp]
    public void SetUp()
    {
        environment = new MachineTestEnvironment();
        echo = new EchoServer();
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        await echo.DisposeAsync();
        environment.Dispose();
    }

    /// <inheritdoc/>
    protected override IMachineProvider CreateProvider() => new EmulatedMachineProvider();

    /// <inheritdoc/>
    protected override void KillMachineFromOutside()
    {
        using Process guest = Process.GetProcessById(environment.Processes.Single());
        guest.Kill();
    }

    /// <inheritdoc/>
    protected override Task AssertNothingLeftAsync() => environment.AssertNothingLeftAsync();
}
