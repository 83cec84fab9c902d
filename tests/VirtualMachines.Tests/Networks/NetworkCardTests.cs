using System.Xml.Linq;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Networks;

namespace VpcComApi.VirtualMachines.Tests.Networks;

/// <summary>Network cards: their number, their network, their address, and how they are stored in the file.</summary>
[TestFixture]
internal sealed class NetworkCardTests
{
    private const string NoAddress = "00-00-00-00-00-00";

    private HostFixture fixture = null!;

    private VirtualMachine Machine => fixture.Machine;

    private NetworkCard First => Machine.NetworkCards[0];

    [SetUp]
    public void Open_the_host() => fixture = new HostFixture();

    [TearDown]
    public async Task Close_the_host() => await fixture.DisposeAsync();

    [Test]
    public void A_new_machine_has_one_card_behind_address_translation_with_no_address_yet()
    {
        Assert.That(Machine.NetworkCards, Has.Count.EqualTo(1));
        Assert.That(First.Network!.Kind, Is.EqualTo(VirtualNetworkKind.Shared));
        Assert.That(First.EthernetAddress, Is.EqualTo(NoAddress));
        Assert.That(First.IsEthernetAddressDynamic, Is.True);
        Assert.That(First.Machine, Is.SameAs(Machine));
        Assert.That(Machine.NetworkCards[0], Is.SameAs(First));
    }

    [Test]
    public void The_file_has_the_form_of_the_real_ones()
    {
        First.IsEthernetAddressDynamic = false;
        First.EthernetAddress = "00-03-ff-12-34-56";

        XElement adapter =
            XDocument.Load(Machine.ConfigurationFile).Root!.Element("hardware")!.Element("pci_bus")!.Element("ethernet_adapter")!;
        XElement controller = adapter.Element("ethernet_controller")!;
        Assert.That((string?)adapter.Element("controller_count"), Is.EqualTo("1"));
        Assert.That((string?)controller.Attribute("id"), Is.EqualTo("0"));
        Assert.That((string?)controller.Element("virtual_network")!.Element("id"), Is.EqualTo(string.Concat(Enumerable.Repeat("01", 16))));
        Assert.That((string?)controller.Element("virtual_network")!.Element("id")!.Attribute("type"), Is.EqualTo("bytes"));
        Assert.That((string?)controller.Element("virtual_network")!.Element("name"), Is.EqualTo("Shared Networking (NAT)"));
        Assert.That((string?)controller.Element("ethernet_card_address"), Is.EqualTo("0003FF123456"));
        Assert.That((string?)controller.Element("ethernet_card_address")!.Attribute("type"), Is.EqualTo("bytes"));
    }

    // The count as the file has it, the elements' ids, and the cards that there are.
    [TestCase("<controller_count type=\"integer\">0</controller_count>", "0", "")]
    [TestCase("<controller_count type=\"integer\">0</controller_count>", "0,1,2,3", "")]
    [TestCase("<controller_count type=\"integer\">1</controller_count>", "1,0", "0")]
    [TestCase("<controller_count type=\"integer\">2</controller_count>", "0", "0")]
    [TestCase("<controller_count type=\"integer\">2</controller_count>", "3,2,1", "1,2")]
    [TestCase("", "0,2", "0,2")]
    [TestCase("<controller_count type=\"integer\">2</controller_count>", "", "")]
    public void The_count_says_how_many_of_the_elements_are_cards(string count, string ids, string cards)
    {
        string elements = string.Concat(
            ids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => $"<ethernet_controller id=\"{id}\" />"));
        File.WriteAllText(
            Machine.ConfigurationFile,
            $"<preferences><hardware><pci_bus><ethernet_adapter>{count}{elements}</ethernet_adapter></pci_bus></hardware></preferences>");

        Assert.That(string.Join(',', Machine.NetworkCards.Select(card => card.Id)), Is.EqualTo(cards));
    }

    [Test]
    public async Task A_machine_whose_count_is_zero_starts_without_a_card_and_a_new_card_takes_over_nothing_from_the_one_that_was_there()
    {
        First.IsEthernetAddressDynamic = false;
        First.EthernetAddress = "00-03-FF-12-34-56";
        Machine.ConfigurationValues.SetValue("hardware/pci_bus/ethernet_adapter/controller_count", 0);
        await HostFixture.SucceedAsync(Machine.Startup(StartupOption.Normal));
        Assert.That(fixture.Provider.Last.Start.NetworkCards, Is.Empty);
        await HostFixture.SucceedAsync(Machine.TurnOff());

        NetworkCard added = Machine.AddNetworkCard();

        Assert.That(Machine.NetworkCards.Single(), Is.SameAs(added));
        Assert.That(added.Network, Is.Null);
        Assert.That(added.EthernetAddress, Is.EqualTo(NoAddress));
        Assert.That(added.IsEthernetAddressDynamic, Is.True);
        Machine.RemoveNetworkCard(added);
        Assert.That(Machine.NetworkCards, Is.Empty);
    }

    [Test]
    public void Cards_that_the_count_does_not_reach_stay_out_of_it_when_others_come_and_go()
    {
        for (int number = 1; number < 4; number++)
        {
            Machine.AddNetworkCard();
        }

        Machine.ConfigurationValues.SetValue("hardware/pci_bus/ethernet_adapter/controller_count", 2);
        Machine.RemoveNetworkCard(First);
        Assert.That(Machine.NetworkCards.Single().Id, Is.EqualTo(1));

        Machine.AddNetworkCard();

        Assert.That(string.Join(',', Machine.NetworkCards.Select(card => card.Id)), Is.EqualTo("0,1"));
    }

    [Test]
    public void There_are_four_cards_at_most_and_a_new_one_is_unplugged()
    {
        for (int number = 1; number < 4; number++)
        {
            NetworkCard added = Machine.AddNetworkCard();
            Assert.That(added.Id, Is.EqualTo(number));
            Assert.That(added.Network, Is.Null);
        }

        Assert.That(() => Machine.AddNetworkCard(), Refusals.With(VirtualMachineError.IllegalValue));
        Assert.That(Machine.NetworkCards, Has.Count.EqualTo(4));
    }

    [Test]
    public void A_removed_card_is_unknown_and_its_number_is_used_again()
    {
        NetworkCard removed = First;
        NetworkCard second = Machine.AddNetworkCard();

        Machine.RemoveNetworkCard(removed);

        Assert.That(Machine.NetworkCards, Is.EqualTo([second]));
        Assert.That(() => removed.EthernetAddress, Refusals.With(VirtualMachineError.MachineUnknown));
        Assert.That(() => removed.Detach(), Refusals.With(VirtualMachineError.MachineUnknown));
        Assert.That(() => Machine.RemoveNetworkCard(removed), Refusals.With(VirtualMachineError.InvalidArgument));
        NetworkCard added = Machine.AddNetworkCard();
        Assert.That(added.Id, Is.Zero);
        Assert.That(added, Is.Not.SameAs(removed));
        Assert.That(() => removed.EthernetAddress, Refusals.With(VirtualMachineError.MachineUnknown));
    }

    [Test]
    public void A_card_of_another_machine_cannot_be_removed()
    {
        VirtualMachine other = fixture.Host.CreateVirtualMachine("Other", Path.Combine(fixture.Folder, "other"));

        Assert.That(() => Machine.RemoveNetworkCard(other.NetworkCards[0]), Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public void A_card_is_attached_and_detached_and_its_network_lists_it()
    {
        VirtualNetwork inside = fixture.Host.FindVirtualNetwork("internal network")!;

        First.AttachTo(inside);
        Assert.That(First.Network, Is.SameAs(inside));
        Assert.That(inside.NetworkCards, Is.EqualTo([First]));
        Assert.That(fixture.Host.UnconnectedNetworkCards, Is.Empty);

        First.Detach();
        First.Detach();
        Assert.That(First.Network, Is.Null);
        Assert.That(inside.NetworkCards, Is.Empty);
        Assert.That(fixture.Host.UnconnectedNetworkCards, Is.EqualTo([First]));
    }

    [Test]
    public async Task A_network_can_be_changed_while_the_machine_runs_and_cards_cannot()
    {
        await fixture.StartAsync();

        First.AttachTo(fixture.Host.FindVirtualNetwork("Wired")!);

        Assert.That(First.Network!.HostAdapter, Is.EqualTo("Wired"));
        Assert.That(() => Machine.AddNetworkCard(), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
        Assert.That(() => Machine.RemoveNetworkCard(First), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
    }

    [TestCase("")]
    [TestCase("00-03-FF-12-34")]
    [TestCase("00-03-FF-12-34-5")]
    [TestCase("00-03-FF-12-34-5G")]
    [TestCase("00:03:FF:12:34:56")]
    [TestCase("0003FF123456")]
    [TestCase("01-00-5E-00-00-01")]
    [TestCase("FF-FF-FF-FF-FF-FF")]
    public void What_is_no_address_of_a_card_is_refused(string text)
    {
        First.IsEthernetAddressDynamic = false;

        Assert.That(() => First.EthernetAddress = text, Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(First.EthernetAddress, Is.EqualTo(NoAddress));
    }

    [Test]
    public void A_dynamic_address_cannot_be_set() =>
        Assert.That(() => First.EthernetAddress = "00-03-FF-12-34-56", Refusals.With(VirtualMachineError.DynamicAddressNotSettable));

    [Test]
    public async Task The_first_start_generates_addresses_of_Microsoft_s_range_which_stay()
    {
        VirtualMachine other = fixture.Host.CreateVirtualMachine("Other", Path.Combine(fixture.Folder, "other"));
        Machine.AddNetworkCard();
        await fixture.StartAsync();
        await HostFixture.SucceedAsync(other.Startup(StartupOption.Normal));
        string[] addresses = [.. Machine.NetworkCards.Concat(other.NetworkCards).Select(card => card.EthernetAddress)];

        Assert.That(addresses, Has.Length.EqualTo(3).And.Unique);
        Assert.That(addresses, Is.All.Match("^00-03-FF(-[0-9A-F]{2}){3}$"));
        await HostFixture.SucceedAsync(Machine.TurnOff());
        await fixture.StartAsync();
        Assert.That(Machine.NetworkCards.Select(card => card.EthernetAddress), Is.EqualTo(addresses[..2]));
    }

    [Test]
    public async Task A_static_address_stays_and_is_removed_when_it_is_to_be_dynamic_again()
    {
        First.IsEthernetAddressDynamic = false;
        First.EthernetAddress = "02-00-00-00-00-01";
        await fixture.StartAsync();
        Assert.That(First.EthernetAddress, Is.EqualTo("02-00-00-00-00-01"));

        First.IsEthernetAddressDynamic = true;

        Assert.That(First.EthernetAddress, Is.EqualTo(NoAddress));
    }

    [Test]
    public void A_registered_copy_of_a_machine_gets_addresses_of_its_own()
    {
        Machine.ConfigurationValues.SetValue(
            "hardware/pci_bus/ethernet_adapter/ethernet_controller[@id=0]/ethernet_card_address", new byte[] { 0, 3, 0xFF, 1, 2, 3 });
        string copy = Path.Combine(fixture.Folder, "Copy.vmc");
        File.Copy(Machine.ConfigurationFile, copy);

        VirtualMachine registered = fixture.Host.RegisterVirtualMachine(null, copy);

        Assert.That(First.EthernetAddress, Is.EqualTo("00-03-FF-01-02-03"));
        Assert.That(registered.NetworkCards[0].EthernetAddress, Is.EqualTo(NoAddress));
    }

    [Test]
    public void A_network_of_another_computer_is_found_by_its_name_and_else_is_unknown()
    {
        const string Network = "hardware/pci_bus/ethernet_adapter/ethernet_controller[@id=0]/virtual_network/";
        Machine.ConfigurationValues.SetValue(Network + "id", Enumerable.Repeat((byte)9, 16).ToArray());
        Machine.ConfigurationValues.SetValue(Network + "name", "Air");
        Assert.That(First.Network!.IsWireless, Is.True);

        Machine.ConfigurationValues.SetValue(Network + "name", "Somewhere else");
        Assert.That(() => First.Network, Refusals.With(VirtualMachineError.VirtualNetworkUnknown));

        First.Detach();
        Assert.That(First.Network, Is.Null);
    }

    [Test]
    public async Task Changes_are_reported_as_changes_of_the_configuration()
    {
        List<string> keys = [];
        Machine.ConfigurationChanged += (_, change) =>
        {
            lock (keys)
            {
                keys.Add(change.Key);
            }
        };

        Machine.AddNetworkCard();
        First.Detach();

        await Wait.UntilAsync(() =>
        {
            lock (keys)
            {
                return keys.Count == 3;
            }
        }, "three changes");
        Assert.That(keys[0], Is.EqualTo("hardware/pci_bus/ethernet_adapter/controller_count"));
        Assert.That(keys[1], Does.EndWith("ethernet_controller[@id=0]/virtual_network/id"));
    }
}
