using VpcComApi.VirtualMachines.Qemu.Processes;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>Parsing of QEMU's reports about resets.</summary>
[TestFixture]
internal sealed class ResetReportTests
{
    private int faults;

    [SetUp]
    public void SetUp() => faults = 0;

    [TestCase("EIP=00007c09 EFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0", "CS =0000 00000000 0000ffff 00009b00", 1, TestName = "In "
        + "a boot sector")]
    [TestCase("RIP=ffffffff81a0b2c4 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0", "CS =0010 0000000000000000 ffffffff "
        + "00af9b00", 1, TestName = "In a kernel")]
    [TestCase("EIP=000efaad EFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0", "CS =0008 00000000 ffffffff 00cf9b00 DPL=0 CS32 "
        + "[-RA]", 0, TestName = "In the firmware below 1 MB")]
    [TestCase("EIP=0000fff0 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0", "CS =f000 ffff0000 0000ffff 00009b00", 0, TestName = "In "
        + "the firmware below 4 GB")]
    public void A_triple_fault_is_the_guest_s_unless_it_happened_in_the_firmware(string pointer, string segment, int expected)
    {
        TakeAll(
            "Triple fault",
            "CPU Reset (CPU 0)",
            "EAX=0000000a EBX=00000000 ECX=00000000 EDX=00000cf9",
            pointer,
            "ES =0000 00000000 0000ffff 00009300",
            segment);

        Assert.That(faults, Is.EqualTo(expected));
    }

    [Test]
    public void A_reset_without_a_fault_is_no_fault()
    {
        TakeAll(
            "CPU Reset (CPU 0)",
            "EIP=00007c09 EFL=00000246 [---Z-P-] CPL=0",
            "CS =0000 00000000 0000ffff 00009b00",
            "CR0=60000010 CR2=00000000",
            "XMM00=0 0");

        Assert.That(faults, Is.Zero);
    }

    [TestCase("qemu-system-x86_64: terminating on signal 15")]
    [TestCase("qemu: CS =0000 is no register")]
    [TestCase("Triple faults are bad")]
    [TestCase("Could not open '/x=y'")]
    [TestCase("=")]
    public void Other_messages_are_for_people(string line)
    {
        Assert.That(new ResetReport(() => faults++).Take(line), Is.False);
        Assert.That(faults, Is.Zero);
    }

    private void TakeAll(params string[] lines)
    {
        ResetReport report = new(() => faults++);
        foreach (string line in lines)
        {
            Assert.That(report.Take(line), Is.True, line);
        }
    }
}
