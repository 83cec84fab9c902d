using Microsoft.Extensions.Time.Testing;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Networks;

namespace VpcComApi.VirtualMachines.Tests.Networks;

/// <summary>The host's virtual networks.</summary>
[TestFixture]
internal sealed class VirtualNetworkTests
{
    private readonly FakeTimeProvider time = new();
    private HostFixture fixture = null!;

    [SetUp]
    public void Open_the_host() => fixture = new HostFixture(timeProvider: time);

    [TearDown]
    public async Task Close_the_host() => await fixture.DisposeAsync();

    [Test]
    public void There_is_an_internal_one_a_shared_one_and_one_for_each_host_adapter()
    {
        Assert.That(
            fixture.Host.VirtualNetworks.Select(network => (network.Name, network.Kind, network.HostAdapter, network.IsWireless)),
            Is.EqualTo(
            [
                ("Internal Network", VirtualNetworkKind.Internal, "", false),
                ("Shared Networking (NAT)", VirtualNetworkKind.Shared, "", false),
                ("Wired", VirtualNetworkKind.HostAdapter, "Wired", false),
                ("Air", VirtualNetworkKind.HostAdapter, "Air", true),
            ]));
        Assert.That(fixture.Host.VirtualNetworks.Select(network => Convert.ToHexString(network.Id)), Is.Unique);
        Assert.That(fixture.Host.VirtualNetworks[1].Id, Is.All.EqualTo(1));
    }

    [Test]
    public void One_is_found_by_name_ignoring_case_and_is_the_same_object()
    {
        VirtualNetwork? found = fixture.Host.FindVirtualNetwork("shared networking (nat)");

        Assert.That(found, Is.SameAs(fixture.Host.VirtualNetworks[1]));
        Assert.That(fixture.Host.FindVirtualNetwork("none such"), Is.Null);
    }

    [TestCase("")]
    [TestCase("  ")]
    [TestCase("a\nb")]
    public void A_name_that_none_can_have_is_refused(string name) =>
        Assert.That(() => fixture.Host.FindVirtualNetwork(name), Refusals.With(VirtualMachineError.InvalidArgument));

    [Test]
    public void The_network_of_a_missing_adapter_reports_that_and_works_again_with_the_adapter()
    {
        VirtualNetwork air = fixture.Host.FindVirtualNetwork("Air")!;
        NetworkCard card = fixture.Machine.NetworkCards[0];
        card.AttachTo(air);
        fixture.Computer.NetworkAdapters = [];
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(() => air.HostAdapter, Refusals.With(VirtualMachineError.HostAdapterNotFound));
        Assert.That(() => card.Network, Refusals.With(VirtualMachineError.VirtualNetworkUnknown));
        Assert.That(() => card.AttachTo(air), Refusals.With(VirtualMachineError.VirtualNetworkUnknown));
        Assert.That(fixture.Host.FindVirtualNetwork("Air"), Is.Null);

        fixture.Computer.NetworkAdapters = [new("Air", IsWireless: true)];
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(card.Network, Is.SameAs(air));
        Assert.That(air.HostAdapter, Is.EqualTo("Air"));
    }
}
