using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>The table of known keys, against the contract's facts and against what this product writes.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class KnownKeysTests
{
    [TestCase("hardware/memory/ram_size", ConfigurationValueType.Number)]
    [TestCase("settings/undo_drives/enabled", ConfigurationValueType.Flag)]
    [TestCase("hardware/pci_bus/ide_adapter/ide_controller[@id=1]/location[@id=0]/pathname/absolute", ConfigurationValueType.Text)]
    [TestCase("hardware/pci_bus/ide_adapter/ide_controller[@id=\"1\"]/location[@id='0']/drive_type", ConfigurationValueType.Number)]
    [TestCase("hardware/super_io/serial_port[@id=0]/port_type", ConfigurationValueType.Number)]
    [TestCase("hardware/super_io/serial_port[@id=1]/pipe_name", ConfigurationValueType.Text)]
    [TestCase("hardware/super_io/serial_port[@id=1]/text_file_path", ConfigurationValueType.Text)]
    [TestCase("hardware/super_io/floppy/auto_detect", ConfigurationValueType.Flag)]
    [TestCase("hardware/pci_bus/ethernet_adapter/ethernet_controller[@id=3]/ethernet_card_address", ConfigurationValueType.Bytes)]
    [TestCase("ui_options/seconds_to_save", ConfigurationValueType.Number)]
    public void A_known_key_has_its_type(string key, ConfigurationValueType type)
    {
        Assert.That(KnownKeys.Machine.TryFind(key, out KnownKey? row), Is.True);
        Assert.That(row!.Type, Is.EqualTo(type));
    }

    [TestCase("hardware/memory/Ram_Size", Description = "Names of elements have a case.")]
    [TestCase("hardware/memory[@id=0]/ram_size", Description = "An element with an id is another one.")]
    [TestCase("hardware/super_io/serial_port[@id=2]/port_type", Description = "There are two.")]
    [TestCase("hardware/super_io/serial_port[@id=01]/port_type", Description = "Ids are texts.")]
    [TestCase("hardware/super_io/serial_port/port_type", Description = "This names an element without an id.")]
    [TestCase("hardware/memory", Description = "Not a value.")]
    [TestCase("customer/key", Description = "Anybody's.")]
    [TestCase("[", Description = "Not a key.")]
    [TestCase("")]
    [TestCase(null)]
    public void Nothing_is_known_of_another_key(string? key) => Assert.That(KnownKeys.Machine.TryFind(key, out _), Is.False);

    [TestCase("hardware/memory/ram_size", 4, true)]
    [TestCase("hardware/memory/ram_size", 3712, true)]
    [TestCase("hardware/memory/ram_size", 3, false)]
    [TestCase("hardware/memory/ram_size", 3713, false)]
    [TestCase("hardware/memory/ram_size", -1, false)]
    [TestCase("hardware/memory/ram_size", "128", false)]
    [TestCase("hardware/memory/ram_size", true, false)]
    [TestCase("settings/undo_drives/default_action", 2, true)]
    [TestCase("settings/undo_drives/default_action", 3, false)]
    [TestCase("settings/undo_drives/enabled", false, true)]
    [TestCase("settings/undo_drives/enabled", "true", false)]
    [TestCase("ui_options/seconds_to_save", -1, true, Description = "Thirty-two bits without a sign, read as VT_I4.")]
    [TestCase("hardware/bios/bios_guid", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", true)]
    [TestCase("hardware/bios/bios_guid", "", true, Description = "None yet.")]
    [TestCase("hardware/bios/bios_guid", "6F9619FF", false)]
    [TestCase("hardware/bios/chassis/asset_tag", "a\\b", false)]
    [TestCase("hardware/super_io/serial_port[@id=0]/port_type", 4, false)]
    [TestCase("integration/vpccomapi/parallel_port[@id=0]/name", "LPT1", true)]
    [TestCase("integration/vpccomapi/parallel_port[@id=0]/name", "COM1", false)]
    public void A_value_is_in_its_keys_range_or_not(string key, object value, bool allowed)
    {
        Assert.That(KnownKeys.Machine.TryFind(key, out KnownKey? row), Is.True);
        Assert.That(row!.Allows(value), Is.EqualTo(allowed));
    }

    [Test]
    public void An_Ethernet_address_has_six_bytes()
    {
        KnownKeys.Machine.TryFind("hardware/pci_bus/ethernet_adapter/ethernet_controller[@id=0]/ethernet_card_address", out KnownKey? row);

        Assert.That(row!.Allows(new byte[6]), Is.True);
        Assert.That(row.Allows(new byte[5]), Is.False);
        Assert.That(row.Allows(new byte[7]), Is.False);
    }

    [TestCase("hardware/memory/ram_size", "lots", "'hardware/memory/ram_size' cannot be 'lots': it takes an integer from 4 to 3,712.")]
    [TestCase("hardware/memory/ram_size", 2, "'hardware/memory/ram_size' cannot be '2': it takes an integer from 4 to 3,712.")]
    [TestCase("settings/undo_drives/enabled", "yes", "'settings/undo_drives/enabled' cannot be 'yes': it takes true or false.")]
    [TestCase(
        "settings/undo_drives/default_action", 7,
        "'settings/undo_drives/default_action' cannot be '7': it takes 0 (discard), 1 (keep) or 2 (commit).")]
    [TestCase("ui_options/seconds_to_save", "-", "'ui_options/seconds_to_save' cannot be '-': it takes an integer from 0 to "
        + "4,294,967,295.")]
    public void A_refusal_says_what_the_key_takes(string key, object value, string sentence)
    {
        Assert.That(KnownKeys.Machine.TryFind(key, out KnownKey? row), Is.True);
        Assert.That(row!.Refuse(key, value), Is.EqualTo(sentence));
    }

    [Test]
    public void The_documented_table_is_this_one()
    {
        IEnumerable<string> documented = File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "machines.md"))
            .SkipWhile(line => line != "| key | type | takes | default | meaning |")
            .Skip(2)
            .TakeWhile(line => line.Length > 0);

        Assert.That(string.Join('\n', documented), Is.EqualTo(string.Join('\n', KnownKeys.Machine.Rows.Select(row =>
            $"| `{row.Pattern}` | {ValueText.NameOf(row.Type)} | {row.Range} | {row.DefaultText ?? "none"} | {row.Meaning} |"))));
    }

    [Test]
    public async Task Every_key_that_this_product_writes_is_in_the_table_with_a_value_that_it_allows()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        machine.Notes = "text";
        machine.Undoable = true;
        machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\com1", connectImmediately: true);
        machine.ParallelPorts[0].Name = "LPT1";
        machine.NetworkCards[0].IsEthernetAddressDynamic = false;
        await fixture.StartAsync();

        IReadOnlyList<KeyValuePair<string, object>> written = machine.Parts.Context.Values.ReadAll();
        Assert.That(written, Has.Count.GreaterThan(15));
        foreach ((string key, object value) in written)
        {
            Assert.That(KnownKeys.Machine.TryFind(key, out KnownKey? row), Is.True, key);
            Assert.That(row!.Allows(value), Is.True, key);
        }
    }
}
