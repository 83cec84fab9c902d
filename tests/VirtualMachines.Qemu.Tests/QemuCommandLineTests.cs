using System.Diagnostics.CodeAnalysis;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Hardware;

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
        Assert.That(arguments.Single(argument => argument.StartsWith("type=11", StringComparison.Ordinal)), Does.Contain("value=vpccomapi:VirtualMachineName=XP"));
    }

    [Test]
    public void A_machine_has_no_network_device() => Assert.That(
        Build("XP", new Values()).SkipWhile(argument => argument != "-nic").Take(2), Is.EqualTo((string[])["-nic", "none"]));

    [Test]
    public void A_control_character_is_refused() => Assert.That(
        () => Build("line\nbreak", new Values()),
        Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.InvalidArgument));

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
        Throws.InstanceOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.BadPathName));

    [Test]
    public void A_kernel_gets_its_disk_and_its_words()
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

        Assert.That(arguments.SkipWhile(argument => argument != "-kernel"), Is.EqualTo((string[])["-kernel", kernel, "-initrd", disk, "-append", "quiet a,b"]));
    }

    private static IReadOnlyList<string> Build(string name, IReadOnlyValues values) => QemuCommandLine.Build(
        new MachineStart
        {
            MachineName = name,
            ConfigurationId = Guid.NewGuid(),
            MemoryMegabytes = 256,
            Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "tag, with a comma"),
            Configuration = values,
        },
        "tcg",
        "path=/run/bus,server=on,wait=off");

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
