using System.Diagnostics;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Emulated.Tests.Conformance;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// The conformance suite over QEMU machines that boot a real kernel, without any network device. Explicit as long as two of its tests cannot pass: the
/// provider does not measure its machines' use yet, and the small guest keeps no parameters over power-off.
/// ./build.sh guest-image, then: dotnet test tests/VirtualMachines.Qemu.Tests --filter FullyQualifiedName~Conformance
/// </summary>
[NonParallelizable]
[Explicit("Boots some thirty machines; needs ./build.sh guest-image.")]
public sealed class QemuMachineConformanceTests : ProviderConformance
{
    private GuestImage image = null!;
    private readonly QemuMachineProvider provider = new();
    private MachineTestEnvironment environment = null!;

    /// <inheritdoc/>
    protected override int EchoPort => GuestImage.EchoPort;

    /// <inheritdoc/>
    protected override IReadOnlyValues Configuration => image;

    [OneTimeSetUp]
    public void SetUp()
    {
        image = new GuestImage();
        environment = new MachineTestEnvironment();
    }

    [OneTimeTearDown]
    public void TearDown()
    {
        environment.Dispose();
        provider.Dispose();
    }

    /// <inheritdoc/>
    protected override IMachineProvider CreateProvider() => provider;

    /// <inheritdoc/>
    protected override void KillMachineFromOutside()
    {
        using Process machine = Process.GetProcessById(environment.Processes.Single());
        machine.Kill();
    }

    /// <inheritdoc/>
    protected override Task AssertNothingLeftAsync() => environment.AssertNothingLeftAsync();
}
