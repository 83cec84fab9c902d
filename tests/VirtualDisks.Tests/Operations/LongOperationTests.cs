using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests.Operations;

/// <summary>Compact, convert, merge: what they do to content, and what they leave when they are cancelled or refused.</summary>
[TestFixture]
internal sealed class LongOperationTests
{
    private TestDirectory folder = null!;

    [SetUp]
    public void Make_a_folder() => folder = new TestDirectory();

    [TearDown]
    public void Delete_the_folder() => folder.Dispose();

    [TestCase(VirtualDiskKind.FixedSize)]
    [TestCase(VirtualDiskKind.Dynamic)]
    public void Conversion_keeps_the_content(VirtualDiskKind to)
    {
        string path = Dynamic("disk.vhd");
        byte[] content = DiskContent.Scribble(path, seed: 1);
        List<int> told = [];

        DiskCopy.ToNewImage(path, folder.PathOf("new.vhd"), to, new ListProgress(told));

        Assert.That(VirtualDiskInfo.Read(folder.PathOf("new.vhd")).Kind, Is.EqualTo(to));
        Assert.That(DiskContent.Read(folder.PathOf("new.vhd")).AsSpan().SequenceEqual(content), Is.True);
        Assert.That(told, Is.Ordered.Ascending.And.Not.Empty);
        Assert.That(told[^1], Is.EqualTo(100));
    }

    [Test]
    public void A_chain_of_three_merges_into_a_new_image()
    {
        (string top, byte[] content) = ChainOfThree();

        DiskCopy.ToNewImage(top, folder.PathOf("new.vhd"), VirtualDiskKind.Dynamic);

        Assert.That(DiskContent.Read(folder.PathOf("new.vhd")).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void A_merge_gives_the_parent_the_content_and_leaves_the_child_usable()
    {
        (string top, byte[] content) = ChainOfThree();
        string middle = VirtualDiskInfo.Read(top).FindParent();
        string bottom = VirtualDiskInfo.Read(middle).FindParent();

        DiskMerge.IntoParent(top);

        Assert.That(DiskContent.Read(middle).AsSpan().SequenceEqual(content), Is.True, "the parent");
        Assert.That(DiskContent.Read(top).AsSpan().SequenceEqual(content), Is.True, "the child");
        Assert.That(VirtualDiskInfo.Read(top).IsParentModified(middle), Is.False);
        DiskMerge.IntoParent(middle);
        Assert.That(DiskContent.Read(bottom).AsSpan().SequenceEqual(content), Is.True, "the base");
        DiskMerge.IntoParent(middle);
        Assert.That(DiskContent.Read(bottom).AsSpan().SequenceEqual(content), Is.True, "a merge that is done again");
    }

    [Test]
    public void Compacting_takes_out_the_blocks_of_zeros_and_nothing_else()
    {
        string path = Dynamic("disk.vhd");
        byte[] content = DiskContent.Scribble(path, seed: 1);
        using (VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite))
        {
            content.AsSpan(2 << 20, 8 << 20).Clear();
            disk.Write(2 << 20, new byte[8 << 20]);
            disk.Flush();
        }

        DiskCreation.CreateDifferencing(folder.PathOf("child.vhd"), path);
        VirtualDiskInfo before = VirtualDiskInfo.Read(path);
        long length = new FileInfo(path).Length;

        DiskCompaction.Compact(path);

        Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(content), Is.True);
        Assert.That(new FileInfo(path).Length, Is.LessThanOrEqualTo(length - (4 * ((2 << 20) + 512))));
        Assert.That(VirtualDiskInfo.Read(path).UniqueId, Is.EqualTo(before.UniqueId));
        Assert.That(VirtualDiskInfo.Read(folder.PathOf("child.vhd")).IsParentModified(path), Is.False, "children stay valid");
        Assert.That(Directory.GetFiles(folder.FullPath), Has.Length.EqualTo(2));
    }

    [Test]
    public void What_does_not_fit_the_kind_is_refused()
    {
        string path = Dynamic("disk.vhd");
        string child = folder.PathOf("child.vhd");
        DiskCreation.CreateDifferencing(child, path);
        DiskCreation.CreateFixed(folder.PathOf("fixed.vhd"), 3 << 20);

        Assert.That(() => DiskCompaction.Compact(child), Refusals.With(VirtualDiskError.WrongKind));
        Assert.That(() => DiskCompaction.Compact(folder.PathOf("fixed.vhd")), Refusals.With(VirtualDiskError.WrongKind));
        Assert.That(() => DiskMerge.IntoParent(path), Refusals.With(VirtualDiskError.WrongKind));
        Assert.That(
            () =>
                DiskCopy.ToNewImage(path, folder.PathOf("x.vhd"), VirtualDiskKind.Differencing), Refusals.With(VirtualDiskError.WrongKind));
        Assert.That(() => DiskCreation.CreateDynamic(path, 3 << 20), Refusals.With(VirtualDiskError.AlreadyExists));
        Assert.That(() => DiskCopy.ToNewImage(path, child, VirtualDiskKind.Dynamic), Refusals.With(VirtualDiskError.AlreadyExists));
    }

    [Test]
    public void A_parent_that_is_read_only_is_not_merged_into()
    {
        string path = Dynamic("disk.vhd");
        string child = folder.PathOf("child.vhd");
        DiskCreation.CreateDifferencing(child, path);
        DiskContent.Scribble(child, seed: 1);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        try
        {
            Assert.That(() => DiskMerge.IntoParent(child), Refusals.With(VirtualDiskError.ReadOnly));
        }
        finally
        {
            File.SetAttributes(path, FileAttributes.Normal);
        }
    }

    [Test]
    public void A_cancelled_operation_leaves_nothing_half_made()
    {
        string path = Dynamic("disk.vhd");
        byte[] content = DiskContent.Scribble(path, seed: 1);
        string before = DiskContent.HashOf(path);

        Assert.That(
            Cancelled((progress, token) => DiskCreation.CreateFixed(folder.PathOf("1.vhd"), 32 << 20, progress, token)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(
            Cancelled((progress, token) => DiskCopy.ToNewImage(path, folder.PathOf("2.vhd"), VirtualDiskKind.FixedSize, progress, token)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(
            Cancelled((progress, token) => DiskCompaction.Compact(path, progress, token)), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Directory.GetFiles(folder.FullPath), Is.EqualTo(new[] { path }));
        Assert.That(DiskContent.HashOf(path), Is.EqualTo(before));
        Assert.That(DiskContent.Read(path).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void A_cancelled_merge_can_be_done_again()
    {
        (string top, byte[] content) = ChainOfThree();

        Assert.That(
            Cancelled((progress, token) => DiskMerge.IntoParent(top, progress, token)), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(DiskContent.Read(top).AsSpan().SequenceEqual(content), Is.True);
        DiskMerge.IntoParent(top);
        Assert.That(DiskContent.Read(VirtualDiskInfo.Read(top).FindParent()).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void What_a_crash_left_of_a_new_image_is_written_over()
    {
        File.WriteAllText(folder.PathOf("disk.vhd.new"), "half made");

        string path = Dynamic("disk.vhd");

        Assert.That(Directory.GetFiles(folder.FullPath), Is.EqualTo(new[] { path }));
    }

    private static Action Cancelled(Action<IProgress<int>, CancellationToken> operation) => () =>
    {
        using CancellationTokenSource cancellation = new();
        operation(new CancellingProgress(cancellation), cancellation.Token);
    };

    private (string Top, byte[] Content) ChainOfThree()
    {
        string bottom = Dynamic("bottom.vhd");
        DiskContent.Scribble(bottom, seed: 1);
        DiskCreation.CreateDifferencing(folder.PathOf("middle.vhd"), bottom);
        DiskContent.Scribble(folder.PathOf("middle.vhd"), seed: 2);
        DiskCreation.CreateDifferencing(folder.PathOf("top.vhd"), folder.PathOf("middle.vhd"));
        return (folder.PathOf("top.vhd"), DiskContent.Scribble(folder.PathOf("top.vhd"), seed: 3));
    }

    private string Dynamic(string name)
    {
        DiskCreation.CreateDynamic(folder.PathOf(name), DiskContent.Size);
        return folder.PathOf(name);
    }

    private sealed class ListProgress(List<int> told) : IProgress<int>
    {
        public void Report(int value) => told.Add(value);
    }

    private sealed class CancellingProgress(CancellationTokenSource cancellation) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value is > 0 and < 100)
            {
                cancellation.Cancel();
            }
        }
    }
}
