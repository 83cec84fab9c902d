using VpcComApi.VirtualMachines.Qemu.Programs;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>Parsing of QEMU's version.</summary>
[TestFixture]
public sealed class QemuVersionTests
{
    [TestCase("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\nCopyright", 7, 2)]
    [TestCase("QEMU emulator version 10.0rc1", 10, 0)]
    [TestCase("QEMU emulator version 9.1\n", 9, 1)]
    public void A_version_is_read(string text, int major, int minor)
    {
        Assert.That(QemuVersion.TryParse(text, out QemuVersion version), Is.True);
        Assert.That(version, Is.EqualTo(new QemuVersion(major, minor)));
    }

    [TestCase("")]
    [TestCase("bash: command not found")]
    [TestCase("QEMU emulator version x")]
    public void Other_texts_are_no_version(string text) => Assert.That(QemuVersion.TryParse(text, out _), Is.False);

    [Test]
    public void Ten_is_newer_than_nine() => Assert.That(new QemuVersion(10, 0).CompareTo(new QemuVersion(9, 9)), Is.Positive);

    [Test]
    public void A_QEMU_that_is_not_there_is_named_with_what_to_install()
    {
        QemuMachineOptions options = new() { ProgramPath = "/nowhere/qemu-system-x86_64" };

        Assert.That(
            async () => await QemuProgram.FindAsync(options, TimeProvider.System, CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>().With.Message.Contains(
                "/nowhere/qemu-system-x86_64").And.Message.Contains("nstall QEMU"));
    }
}
