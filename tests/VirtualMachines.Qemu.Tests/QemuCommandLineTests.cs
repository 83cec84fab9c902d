using System.Diagnostics.CodeAnalysis;
using System.Net.NetworkInformation;
using System.Text.Json;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Disks;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>What of a machine's description reaches QEMU, and how.</summary>
[TestFixture]
public sealed class QemuCommandLineTests
{
    [Test]
    public void A_name_with_commas_quotes_and_spaces_stays_one_argument()
    {
        IReadOnlyList<string> arguments = Build("a, \"b\" -drive file=/etc/passwd", new Values());

        Assert.That(arguments, Does.Contain("guest=a,, \"b\" -drive file=/etc/passwd"));
        Assert.That(arguments, Does.Not.Contain("-drive"));
    }

    [Test]
    public void The_guest_sees_its_texts_in_its_firmware()
    {
        IReadOnlyList<string> arguments = Build("XP", new Values());

        Assert.That(arguments, Does.Contain("type=1,serial=bios"));
        Assert.That(arguments, Does.Contain("type=2,serial=board"));
        Assert.That(arguments, Does.Contain("type=3,serial=chassis,asset=tag,, with a comma"));
        Assert.That(
            arguments.Single(argument => argument.StartsWith("type=11", StringComparison.Ordinal)),
            Does.Contain("value=vpccomapi:VirtualMachineName=XP"));
    }

    [Test]
    public void A_machine_has_no_network_of_QEMU_s_own() => Assert.That(
        Build("XP", new Values()).SkipWhile(argument => argument != "-nic").Take(2), Is.EqualTo((string[])["-nic", "none"]));

    /// <summary>
    /// QEMU 11 warns at each start that -mon is deprecated; -qmp is the same in QEMU 7.2 and 11
    /// (https://www.qemu.org/docs/master/about/deprecated.html).
    /// </summary>
    [Test]
    public void QEMU_is_controlled_by_an_option_that_no_version_warns_of()
    {
        IReadOnlyList<string> arguments = Build("XP", new Values());

        Assert.That(arguments.SkipWhile(argument => argument != "-qmp").Take(2), Is.EqualTo((string[])["-qmp", "chardev:control"]));
        Assert.That(arguments, Does.Not.Contain("-mon"));
    }

    [Test]
    public void A_control_character_is_refused() => Assert.That(
        () => Build("line\nbreak", new Values()),
        Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(
            VirtualMachineError.InvalidArgument));

    [Test]
    public void A_kernel_that_is_missing_is_refused_by_name() => Assert.That(
        () => Build("XP", new Values { ["integration/vpccomapi/qemu/kernel"] = "/nowhere/kernel" }),
        Throws.InstanceOf<VirtualMachineException>()
            .With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.FileNotFound)
            .And.Message.Contains("/nowhere/kernel"));

    [TestCase("kernel")]
    [TestCase("-enable-kvm")]
    public void A_kernel_without_full_path_is_refused(string path) => Assert.That(
        () => Build("XP", new Values { ["integration/vpccomapi/qemu/kernel"] = path }),
        Throws.InstanceOf<VirtualMachineException>().With.Property(
            nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.BadPathName));

    [Test]
    public void A_kernel_gets_its_initial_disk_and_its_command_line()
    {
        using TestDirectory folder = new();
        string kernel = folder.WriteText("kernel, the", "");
        string disk = folder.WriteText("initrd", "");

        IReadOnlyList<string> arguments = Build("XP", new Values
        {
            ["integration/vpccomapi/qemu/kernel"] = kernel,
            ["integration/vpccomapi/qemu/initial_ram_disk"] = disk,
            ["integration/vpccomapi/qemu/kernel_arguments"] = "quiet a,b",
        });

        Assert.That(
            arguments.SkipWhile(argument => argument != "-kernel"),
            Is.EqualTo((string[])["-kernel", kernel, "-initrd", disk, "-append", "quiet a,b"]));
    }

    [Test]
    public void A_disk_is_one_argument_whatever_its_name_is()
    {
        using TestDirectory folder = new();
        string fixedDisk = folder.PathOf("it's a, \"disk\" {of} mine,file=x.vhd");
        string dynamicDisk = folder.PathOf("dynamic.vhd");
        DiskCreation.CreateFixed(fixedDisk, VirtualDiskLimits.MinimumSize);
        DiskCreation.CreateDynamic(dynamicDisk, VirtualDiskLimits.MinimumSize);

        string socketPath = folder.PathOf("it's a, \"socket\" of mine");
        using UnixDiskSocket socket = new(socketPath);

        IReadOnlyList<string> arguments = QemuCommandLine.Build(
            Start("XP", new Values()) with { HardDisks = [new MachineHardDisk(0, 1, fixedDisk), new MachineHardDisk(1, 0, dynamicDisk)] },
            "tcg",
            Sockets with { Disks = new Dictionary<string, IDiskSocket> { ["disk-1-0"] = socket } });

        List<JsonElement> nodes =
            [.. arguments.Where((_, i) => i > 0 && arguments[i - 1] == "-blockdev").Select(text => JsonDocument.Parse(text).RootElement)];
        Assert.That(nodes[0].GetProperty("driver").GetString(), Is.EqualTo("raw"));
        Assert.That(nodes[0].GetProperty("size").GetInt64(), Is.EqualTo(VirtualDiskLimits.MinimumSize), "without the image's footer");
        Assert.That(nodes[0].GetProperty("file").GetProperty("filename").GetString(), Is.EqualTo(fixedDisk));
        Assert.That(nodes[1].GetProperty("driver").GetString(), Is.EqualTo("nbd"));
        Assert.That(nodes[1].GetProperty("server").GetProperty("path").GetString(), Is.EqualTo(socketPath));
        Assert.That(arguments, Does.Not.Contain("--preconfig"));
        Assert.That(arguments, Has.One.StartsWith("ide-hd,bus=ide.0,unit=1,"));
        Assert.That(arguments, Has.One.StartsWith("ide-hd,bus=ide.1,unit=0,"));
    }

    [Test]
    public void The_secret_of_a_disk_at_a_port_that_others_can_reach_is_not_in_the_command_line()
    {
        using TestDirectory folder = new();
        string disk = folder.PathOf("dynamic.vhd");
        DiskCreation.CreateDynamic(disk, VirtualDiskLimits.MinimumSize);
        using LoopbackDiskSocket socket = new();

        IReadOnlyList<string> arguments = QemuCommandLine.Build(
            Start("XP", new Values()) with { HardDisks = [new MachineHardDisk(0, 0, disk)] },
            "tcg",
            Sockets with { Disks = new Dictionary<string, IDiskSocket> { ["disk-0-0"] = socket } });

        Assert.That(socket.Export, Has.Length.AtLeast(32), "128 bits");
        Assert.That(arguments, Has.None.Contains(socket.Export).And.None.EqualTo("-blockdev"));
        Assert.That(arguments, Does.Contain("--preconfig"), "the machine is made when the disk is known");
        Assert.That(arguments, Has.One.StartsWith("ide-hd,bus=ide.0,unit=0,drive=disk-0-0,"));
    }

    [Test]
    public void A_disk_that_is_none_is_refused_by_name()
    {
        using TestDirectory folder = new();
        string file = folder.WriteText("foreign.vhd", "no disk");

        Assert.That(
            () => Build(Start("XP", new Values()) with { HardDisks = [new MachineHardDisk(0, 0, file)] }),
            Throws.InstanceOf<VirtualMachineException>()
                .With.Property(nameof(VirtualMachineException.Error)).EqualTo(
                    VirtualMachineError.InvalidDiskFile).And.Message.Contains(file));
    }

    [Test]
    public void A_network_card_has_its_address_and_the_model_that_is_configured()
    {
        MachineNetworkCard card = new(3, new PhysicalAddress([0x00, 0x03, 0xFF, 0x01, 0x02, 0x0A]), VirtualNetworkKind.Shared);

        Assert.That(
            Build(Start("XP", new Values()) with { NetworkCards = [card] }), Does.Contain(
                "rtl8139,id=card-3,netdev=cable-3,mac=00:03:ff:01:02:0a"));
        Assert.That(
            Build(Start("XP", new Values { ["integration/vpccomapi/qemu/network_card"] = "e1000" }) with { NetworkCards = [card] }),
            Has.One.StartsWith("e1000,id=card-3,"));
        Assert.That(
            () =>
                Build(
                    Start(
                        "XP",
                        new Values { ["integration/vpccomapi/qemu/network_card"] = "e1000,romfile=/etc/passwd" }) with { NetworkCards =
                            [card] }),
            Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(
                VirtualMachineError.InvalidArgument));
    }

    [TestCase("tcg", true)]
    [TestCase("kvm", false)]
    public void Shared_memory_is_added_after_all_other_devices_and_makes_an_emulated_processor_s_atomic_instructions_real(
        string accelerator, bool isReal)
    {
        RingBackend rings = new("/proc/1/fd/2", 1 << 20, "path=/run/machine/doorbell,server=on,wait=off");
        MachineStart start = Start("XP", new Values());
        IReadOnlyList<string> without = QemuCommandLine.Build(start, accelerator, Sockets);
        IReadOnlyList<string> with = QemuCommandLine.Build(start, accelerator, Sockets with { Rings = rings });

        Assert.That(with.Take(without.Count), Is.EqualTo(without));
        Assert.That(with, Does.Contain("memory-backend-file,id=rings,share=on,mem-path=/proc/1/fd/2,size=1048576"));
        Assert.That(with, Does.Contain("ivshmem-plain,memdev=rings,master=on"));
        Assert.That(with, Does.Contain("virtserialport,bus=vpcbus.0,chardev=doorbell,id=doorbellport,name=org.vpccomapi.doorbell"));
        Assert.That(with.Contains("1,maxcpus=2"), Is.EqualTo(isReal));
    }

    private static QemuSockets Sockets { get; } =
        new(
            "path=/run/machine/bus,server=on,wait=off",
            ["path=/run/machine/com1", "path=/run/machine/com2"],
            new Dictionary<string,
            IDiskSocket>());

    private static IReadOnlyList<string> Build(string name, IReadOnlyValues values) => Build(Start(name, values));

    private static MachineStart Start(string name, IReadOnlyValues values) => new()
    {
        MachineName = name,
        ConfigurationId = Guid.NewGuid(),
        MemoryMegabytes = 256,
        Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "tag, with a comma"),
        Configuration = values,
    };

    private static IReadOnlyList<string> Build(MachineStart start) => QemuCommandLine.Build(
        start,
        "tcg",
        Sockets);

    /// <summary>A configuration of texts.</summary>
    private sealed class Values : IReadOnlyValues
    {
        private readonly Dictionary<string, string> texts = [];

        public string this[string key]
        {
            set => texts[key] = value;
        }

        /// <inheritdoc/>
        public bool TryGetValue(string key, [NotNullWhen(true)] out object? value)
        {
            bool found = texts.TryGetValue(key, out string? text);
            value = text;
            return found;
        }
    }
}
