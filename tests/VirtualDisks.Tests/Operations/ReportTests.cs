using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests.Operations;

/// <summary>Reports about intact and damaged images.</summary>
[TestFixture]
internal sealed class ReportTests
{
    private TestDirectory folder = null!;
    private string bottom = null!;
    private string middle = null!;
    private string top = null!;

    [SetUp]
    public void Make_a_chain()
    {
        folder = new TestDirectory();
        bottom = folder.PathOf("bottom.vhd");
        middle = folder.PathOf("middle.vhd");
        top = folder.PathOf("top.vhd");
        DiskCreation.CreateDynamic(bottom, 8 << 20);
        Write(bottom, 1);
        DiskCreation.CreateDifferencing(middle, bottom);
        DiskCreation.CreateDifferencing(top, middle);
    }

    [TearDown]
    public void Remove_the_chain() => folder.Dispose();

    [Test]
    public void An_intact_chain_is_described_from_its_top_to_its_base()
    {
        VirtualDiskReport report = VirtualDiskReport.Read(top);

        Assert.That(report.Problems, Is.Empty);
        Assert.That(report.UsedBlocks, Is.Zero);
        Assert.That(report.Length, Is.EqualTo(new FileInfo(top).Length));
        Assert.That(report.Info.Creator, Is.EqualTo("win"));
        Assert.That(report.Info.CreatorVersion, Is.EqualTo(new Version(6, 1)));
        Assert.That(report.Info.CreatorHost, Is.EqualTo("Wi2k"));
        Assert.That(report.Parents, Is.EqualTo(
        [
            new ParentReport(middle, ParentState.Unchanged, VirtualDiskInfo.Read(middle).UniqueId, VirtualDiskKind.Differencing),
            new ParentReport(bottom, ParentState.Unchanged, VirtualDiskInfo.Read(bottom).UniqueId, VirtualDiskKind.Dynamic),
        ]));
        Assert.That(VirtualDiskReport.Read(bottom).UsedBlocks, Is.EqualTo(1));
    }

    [Test]
    public void A_changed_base_is_reported_below_an_unchanged_parent()
    {
        File.SetLastWriteTimeUtc(bottom, DateTime.UtcNow.AddHours(1));

        VirtualDiskReport report = VirtualDiskReport.Read(top);

        Assert.That(report.Parents.Select(parent => parent.State), Is.EqualTo([ParentState.Unchanged, ParentState.Modified]));
        Assert.That(report.Problems.Single(), Does.Contain(bottom).And.Contain(middle));
    }

    [TestCase("gone", ParentState.NotFound)]
    [TestCase("other", ParentState.OtherDisk)]
    [TestCase("text", ParentState.Unreadable)]
    public void A_parent_that_cannot_be_used_is_reported_with_its_path(string fault, ParentState state)
    {
        File.Delete(middle);
        switch (fault)
        {
            case "other":
                DiskCreation.CreateDynamic(middle, 8 << 20);
                break;
            case "text":
                File.WriteAllText(middle, new string('x', 4096));
                break;
        }

        VirtualDiskReport report = VirtualDiskReport.Read(top);

        Assert.That(report.Parents.Single(), Is.EqualTo(new ParentReport(middle, state, report.Info.ParentId, null)));
        Assert.That(report.Problems, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_footer_that_a_crash_has_destroyed_is_reported_and_the_rest_is_read()
    {
        using (FileStream file = new(bottom, FileMode.Open))
        {
            file.SetLength(file.Length - 512);
        }

        VirtualDiskReport report = VirtualDiskReport.Read(bottom);

        Assert.That(report.Info.IsFooterMissing, Is.True);
        Assert.That(report.Problems.Single(), Does.Contain("footer"));
        Assert.That(report.UsedBlocks, Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_block_table_is_reported_for_the_disk_and_for_one_below_it()
    {
        long table = 512 + 1024;
        using (FileStream file = new(bottom, FileMode.Open))
        {
            file.Position = table;
            file.Write([0x7F, 0, 0, 0]);
        }

        Assert.That(VirtualDiskReport.Read(bottom).UsedBlocks, Is.Null);
        Assert.That(VirtualDiskReport.Read(bottom).Problems.Single(), Does.Contain("damaged"));
        Assert.That(VirtualDiskReport.Read(top).Problems, Has.Some.Contain(bottom).And.Some.Contain("damaged"));
    }

    private static void Write(string path, byte value)
    {
        byte[] data = new byte[4096];
        data.AsSpan().Fill(value);
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
        disk.Write(0, data);
        disk.Flush();
    }
}
