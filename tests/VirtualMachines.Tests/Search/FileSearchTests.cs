using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Search;

namespace VpcComApi.VirtualMachines.Tests.Search;

/// <summary>Looking for files in whole trees.</summary>
[TestFixture]
internal sealed class FileSearchTests
{
    private static readonly FileSearchLimits Wide = FileSearchLimits.Default;

    private LogRecorder log = null!;
    private TestDirectory root = null!;

    [SetUp]
    public void Make_the_root()
    {
        root = new TestDirectory();
        log = new LogRecorder();
    }

    [TearDown]
    public void Delete_the_root()
    {
        log.Dispose();
        root.Dispose();
    }

    [Test]
    public void Files_are_found_at_every_depth_by_their_extension_ignoring_case()
    {
        Make("a.vhd", "B.VHD", "c.vhdx", "vhd", "sub/d.vhd", "sub/deeper/e.Vhd", "sub/f.txt", ".hidden/g.vhd");

        Assert.That(Find(), Is.EqualTo(["a.vhd", "B.VHD", ".hidden/g.vhd", "sub/d.vhd", "sub/deeper/e.Vhd"]));
    }

    [Test]
    public void Thousands_of_files_are_found()
    {
        Make([.. Enumerable.Range(0, 5000).Select(number => $"{number % 50}/{number}.vhd")]);

        Assert.That(Find(), Has.Count.EqualTo(5000).And.Unique);
        Assert.That(log.Entries, Is.Empty);
    }

    [Test]
    public void A_file_is_found_once_however_often_its_folder_is_given()
    {
        Make("sub/a.vhd");

        Assert.That(
            new FileSearch(Wide, TimeProvider.System, log).Find(
                [root.FullPath, root.PathOf("sub"), root.FullPath + Path.DirectorySeparatorChar], [".vhd"], CancellationToken.None),
            Is.EqualTo([root.PathOf("sub/a.vhd")]));
    }

    [Test]
    public void A_link_is_not_followed_so_that_a_loop_ends()
    {
        Make("sub/a.vhd");
        Directory.CreateSymbolicLink(root.PathOf("sub/loop"), root.FullPath);
        Directory.CreateSymbolicLink(root.PathOf("sub/self"), root.PathOf("sub/self"));

        Assert.That(Find(), Is.EqualTo(["sub/a.vhd"]));
        string link = root.PathOf("sub/loop");
        Assert.That(
            new FileSearch(Wide, TimeProvider.System, log).Find([link], [".vhd"], CancellationToken.None),
            Is.EqualTo([Path.Combine(link, "sub", "a.vhd")]), "a link that was given is entered");
    }

    [Test]
    public void A_folder_that_is_missing_or_cannot_be_read_does_not_end_the_search()
    {
        Make("locked/a.vhd", "open/b.vhd");
        string locked = root.PathOf("locked");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(locked, UnixFileMode.None);
        }

        try
        {
            IReadOnlyList<string> found = new FileSearch(Wide, TimeProvider.System, log).Find(
                [root.PathOf("missing"), root.FullPath], [".vhd"], CancellationToken.None);

            // An administrator reads every folder.
            Assert.That(found, Does.Contain(root.PathOf("open/b.vhd")));
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Test]
    public void A_search_that_goes_too_far_answers_what_it_has_and_says_so()
    {
        Make("a.vhd", "1/b.vhd", "1/2/c.vhd", "1/2/3/d.vhd");

        Assert.That(Find(Wide with { Depth = 1 }), Has.Count.EqualTo(2));
        Assert.That(log.Entries, Is.Empty);
        Assert.That(Find(Wide with { Folders = 2 }), Has.Count.EqualTo(2));
        Assert.That(Find(Wide with { Files = 1 }), Has.Count.EqualTo(1));
        Assert.That(Find(Wide with { Time = TimeSpan.FromSeconds(-1) }), Is.Empty);
        Assert.That(log.Entries.Select(entry => entry.Id), Is.EqualTo(Enumerable.Repeat(MachineEventIds.SearchCutShort, 3)));
    }

    [Test]
    public void A_search_can_be_given_up() =>
        Assert.That(
            () => new FileSearch(Wide, new FakeTimeProvider(), log).Find([root.FullPath], [".vhd"], new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    private IReadOnlyList<string> Find(FileSearchLimits? limits = null) =>
    [
        .. new FileSearch(limits ?? Wide, TimeProvider.System, log).Find([root.FullPath], [".vhd"], CancellationToken.None)
            .Select(file => Path.GetRelativePath(root.FullPath, file).Replace('\\', '/')),
    ];

    private void Make(params IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            string path = root.PathOf(file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, string.Empty);
        }
    }
}
