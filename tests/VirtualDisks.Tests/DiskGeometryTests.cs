namespace VpcComApi.VirtualDisks.Tests;

/// <summary>The geometry calculation of the specification.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class DiskGeometryTests
{
    // Worked out by hand from the appendix of the specification, a size in each of its branches.
    [TestCase(3, 90, 4, 17)]
    [TestCase(40, 963, 5, 17)]
    [TestCase(200, 825, 16, 31)]
    [TestCase(504, 1024, 16, 63)]
    [TestCase(16_384, 33_288, 16, 63)]
    [TestCase(130_048, 65_278, 16, 255)]
    [TestCase(2_088_960, 65_535, 16, 255)]
    public void A_size_has_the_geometry_of_the_specification(long megabytes, int cylinders, int heads, int sectors) =>
        Assert.That(DiskGeometry.Of(megabytes << 20), Is.EqualTo(new DiskGeometry(cylinders, heads, sectors)));
}
