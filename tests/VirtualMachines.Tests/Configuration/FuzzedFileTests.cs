using System.Text;
using CsCheck;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>Files that chance has damaged: each is read or refused with a reason, in a bounded time, and none is changed by that.</summary>
[TestFixture]
internal sealed class FuzzedFileTests
{
    /// <summary>The time limit of each test.</summary>
    private const int Seconds = 4;

    private static readonly byte[] Sample = MakeSample();

    /// <summary>Texts that have a meaning in these files, which chance would not hit upon.</summary>
    private static readonly string[] Words =
    [
        "<", ">", "</", "/>", "\"", "&", "&#0;", "&#x10FFFF;", "&lt;", "<!--", "-->", "<![CDATA[", "]]>", "<?xml", "?>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;",
        "type=\"integer\"", "type=\"bytes\"", "type=\"boolean\"", "99999999999999999999", "-1", "ABC", "id=\"0\"", "id=\"999999\"", "<a>",
        "\0", "\uFFFE", "\uD800",
    ];

    /// <summary>One to eight damages: a byte changed, bytes removed, duplicated or moved, a word inserted, the rest truncated.</summary>
    private static readonly Gen<byte[]> GenDamaged =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, int.MaxValue], Gen.Int[0, 64], Gen.Byte).Array[1, 8].Select(
            damages => damages.Aggregate(Sample, Damage));

    [Test]
    public void A_damaged_document_is_read_or_refused() => GenDamaged.Sample(
        content =>
        {
            try
            {
                XmlValueDocument document = XmlValueDocument.Parse(content, "preferences");
                document.TryGetValue("hardware/memory/ram_size", out _);
                document.ReadIds(ValuePath.Parse("hardware/pci_bus/ethernet_adapter/ethernet_controller"));

                // What can be read can be written, and is then read in the same way.
                byte[] written = document.ToBytes();
                Assert.That(XmlValueDocument.Parse(written, "preferences").ToBytes(), Is.EqualTo(written));
            }
            catch (InvalidDataException e)
            {
                Assert.That(e.Message, Has.Length.GreaterThan(10));
            }
        },
        time: Seconds,
        threads: 1);

    [Test]
    public async Task A_machine_with_a_damaged_file_answers_or_refuses_and_leaves_the_file_alone()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        string file = machine.ConfigurationFile;

        GenDamaged.Sample(
            content =>
            {
                File.WriteAllBytes(file, content);
                foreach (Func<object?> read in Reads(fixture.Host, machine))
                {
                    try
                    {
                        read();
                    }
                    catch (VirtualMachineException e)
                    {
                        Assert.That(e.Message, Has.Length.GreaterThan(10));
                    }
                }

                Assert.That(File.ReadAllBytes(file), Is.EqualTo(content));
            },
            time: Seconds,
            threads: 1);
        File.WriteAllBytes(file, Sample);
        Assert.That(fixture.Host.Problems, Is.Empty, "a mended file is taken back");
    }

    private static IEnumerable<Func<object?>> Reads(VirtualMachineHost host, VirtualMachine machine) =>
    [
        () => host.VirtualMachines,
        () => host.Problems,
        () => host.UnconnectedNetworkCards,
        () => host.VirtualNetworks.SelectMany(network => network.NetworkCards).ToList(),
        () => machine.Name,
        () => machine.State,
        () => machine.Notes,
        () => machine.MemoryMegabytes,
        () => machine.BiosGuid,
        () => machine.ChassisAssetTag,
        () => machine.ShutdownActionOnQuit,
        () => machine.UndoAction,
        () => machine.Undoable,
        () => machine.ConfigurationValues.GetValue("hardware/memory/ram_size"),
        () => machine.NetworkCards.Select(card => (card.EthernetAddress, card.IsEthernetAddressDynamic, card.Network?.Name)).ToList(),
        () => machine.GuestOS.IsHostTimeSyncEnabled,
    ];

    private static byte[] Damage(byte[] content, (int Kind, int Place, int Length, byte Value) damage)
    {
        int place = content.Length == 0 ? 0 : damage.Place % content.Length;
        int length = Math.Min(damage.Length, content.Length - place);
        ReadOnlySpan<byte> before = content.AsSpan(0, place);
        ReadOnlySpan<byte> part = content.AsSpan(place, length);
        ReadOnlySpan<byte> after = content.AsSpan(place + length);
        return damage.Kind switch
        {
            0 => [.. before, damage.Value, .. content.AsSpan(Math.Min(place + 1, content.Length))],
            1 => [.. before, .. after],
            2 => [.. before, .. part, .. part, .. after],
            3 => [.. part, .. before, .. after],
            4 => [.. before, .. Encoding.Unicode.GetBytes(Words[damage.Value % Words.Length]), .. content.AsSpan(place)],
            _ => [.. before],
        };
    }

    private static byte[] MakeSample()
    {
        XmlValueDocument document = XmlValueDocument.Create("preferences", "comment");
        foreach ((string key, object value) in (ReadOnlySpan<(string, object)>)
        [
            ("version", "2.0"), ("hardware/memory/ram_size", 512), ("hardware/bios/chassis/asset_tag", "1234"),
            ("settings/undo_drives/enabled", true),
            ("settings/undo_drives/default_action", 1), ("integration/vpccomapi/notes", "a & b"),
            ("hardware/pci_bus/ethernet_adapter/controller_count", 1),
            ("hardware/pci_bus/ethernet_adapter/ethernet_controller[@id=0]/virtual_network/id", new byte[16]),
            ("hardware/pci_bus/ethernet_adapter/ethernet_controller[@id=0]/virtual_network/name", "Internal Network"),
            ("hardware/pci_bus/ethernet_adapter/ethernet_controller[@id=0]/ethernet_card_address", new byte[6]),
        ])
        {
            document.Set(ValuePath.Parse(key), value);
        }

        return document.ToBytes();
    }
}
