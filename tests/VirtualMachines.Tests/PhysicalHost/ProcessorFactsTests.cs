using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Tests.PhysicalHost;

/// <summary>The texts of the processor, with the contract's terms.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ProcessorFactsTests
{
    private static readonly ProcessorFacts Plain =
        new() { LogicalCount = 1, PhysicalCount = 1, Megahertz = 0, Manufacturer = "", Model = "" };

    [TestCase(2800, "2.80 GHz")]
    [TestCase(1000, "1.00 GHz")]
    [TestCase(999, "999 MHz")]
    [TestCase(0, "0 MHz")]
    public void The_speed_is_written_with_its_unit(int megahertz, string text) =>
        Assert.That((Plain with { Megahertz = megahertz }).SpeedText, Is.EqualTo(text));

    [Test]
    public void The_features_are_in_the_contract_s_order_without_blanks()
    {
        ProcessorFacts common = Plain with { HasMmx = true, HasSse = true, HasSse2 = true, HasLongMode = true };

        Assert.That(common.FeaturesText, Is.EqualTo("MMX,SSE,SSE2,x86-64"), "the sample of the reference");
        Assert.That((common with { HasIntelVirtualization = true }).FeaturesText, Is.EqualTo("Intel VT,HAVD,MMX,SSE,SSE2,x86-64"));
        Assert.That(
 (common with
            {
                HasAmdVirtualization = true,
                IsVirtualizationEnabled = true,
                HasSse3 = true,
                HasTrustedExecution = true,
            }).FeaturesText,
            Is.EqualTo("AMD-V,HAVE,MMX,SSE,SSE2,SSE3,TXTE,x86-64"));
        Assert.That(Plain.FeaturesText, Is.Empty);
    }

    [Test]
    public void This_computer_knows_itself()
    {
        HostComputer computer = new(HostComputer.ThisSystem, TimeProvider.System);

        Assert.That(computer.Processor.LogicalCount, Is.EqualTo(Environment.ProcessorCount));
        Assert.That(computer.Processor.PhysicalCount, Is.InRange(1, computer.Processor.LogicalCount));
        Assert.That(computer.Processor.Manufacturer, Is.Not.Empty);
        Assert.That(computer.Processor.Model, Is.Not.Empty);
        Assert.That(computer.Memory.TotalMegabytes, Is.GreaterThan(computer.Memory.AvailableMegabytes));
        Assert.That(computer.Memory.AvailableMegabytes, Is.Positive);
        Assert.That(computer.OperatingSystem.Name, Is.Not.Empty);
        Assert.That(computer.ReadFreeBytes(Path.GetTempPath()), Is.Positive);
        Assert.That(computer.NetworkAdapters.Select(adapter => adapter.Name), Is.Unique.And.None.Empty);
        Assert.That(computer.NetworkAddresses, Is.All.Match(@"^\d+\.\d+\.\d+\.\d+$"));
        Assert.That(() => computer.UsbDevices.Count, Throws.Nothing);
    }
}
