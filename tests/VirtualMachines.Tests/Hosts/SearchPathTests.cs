namespace VpcComApi.VirtualMachines.Tests.Hosts;

/// <summary>The search paths and what is found under them.</summary>
[TestFixture]
internal sealed class SearchPathTests
{
    private HostFixture fixture = null!;

    private VirtualMachineHost Host => fixture.Host;

    [SetUp]
    public void Open_the_host() => fixture = new HostFixture();

    [TearDown]
    public async Task Close_the_host() => await fixture.DisposeAsync();

    [Test]
    public async Task They_are_not_found_until_they_are_set_and_then_kept()
    {
        Assert.That(() => Host.SearchPaths, Refusals.With(VirtualMachineError.ValueNotFound));
        string[] folders = [Make("one"), Make("two"), Make("three")];

        Host.SearchPaths = folders;
        Assert.That(Host.SearchPaths, Is.EqualTo(folders));

        Host.SearchPaths = folders[..1];
        await using HostFixture second = new(fixture.Folder);
        Assert.That(second.Host.SearchPaths, Is.EqualTo(folders[..1]));

        Host.SearchPaths = [];
        Assert.That(Host.SearchPaths, Is.Empty);
    }

    [Test]
    public void A_path_that_is_not_usable_is_refused_and_changes_nothing()
    {
        string[] folders = [Make("one")];
        Host.SearchPaths = folders;

        Assert.That(() => Host.SearchPaths = [folders[0], "relative"], Refusals.With(VirtualMachineError.BadPathName));
        Assert.That(() => Host.SearchPaths = [""], Refusals.With(VirtualMachineError.BadPathName));
        Assert.That(() => Host.SearchPaths = [folders[0] + "?"], Refusals.With(VirtualMachineError.InvalidPathName));
        Assert.That(
            () => Host.SearchPaths = [Path.Combine(folders[0], new string('x', 260))], Refusals.With(VirtualMachineError.PathTooLong));
        Assert.That(() => Host.SearchPaths = [Path.Combine(folders[0], "missing")], Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(() => Host.SearchPaths = [Path.Combine(folders[0], "missing", "too")], Refusals.With(VirtualMachineError.PathNotFound));
        Assert.That(Host.SearchPaths, Is.EqualTo(folders));
    }

    [Test]
    public void Each_kind_of_file_is_found_under_the_search_paths_and_further_folders()
    {
        string searched = Make("searched");
        string further = Make("further");
        string[] files =
        [
            Touch(searched, "a.vhd"), Touch(further, "b.vhd"), Touch(searched, "c.vfd"), Touch(further, "d.iso"), Touch(further, "e.vmc"),
        ];
        Host.SearchPaths = [searched];

        Assert.That(Host.FindHardDiskFiles([further], default), Is.EqualTo(files[..2]));
        Assert.That(Host.FindHardDiskFiles([], default), Is.EqualTo(files[..1]));
        Assert.That(Host.FindFloppyDiskFiles([further], default), Is.EqualTo([files[2]]));
        Assert.That(Host.FindDvdFiles([further], default), Is.EqualTo([files[3]]));
        Assert.That(
            Host.FindConfigurationFiles([further], excludeRegistered: false, default),
            Is.EqualTo([fixture.Machine.ConfigurationFile, files[4]]));
        Assert.That(Host.FindConfigurationFiles([further], excludeRegistered: true, default), Is.EqualTo([files[4]]));
    }

    [Test]
    public void A_further_folder_may_be_missing_and_must_be_absolute()
    {
        Assert.That(Host.FindHardDiskFiles([Path.Combine(fixture.Folder, "missing")], default), Is.Empty);
        Assert.That(() => Host.FindHardDiskFiles(["relative"], default), Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [TestCase(0, 4)]
    [TestCase(1000, 750)]
    [TestCase(1_000_000, 3712)]
    public void The_suggested_memory_leaves_a_quarter_of_what_is_free(long available, int suggested)
    {
        fixture.Computer.Memory = new(available * 2, available);

        Assert.That(Host.SuggestedMaximumMemoryMegabytes, Is.EqualTo(suggested));
    }

    [Test]
    public void Each_provider_is_listed_as_a_support_driver()
    {
        Assert.That(Host.SupportDrivers, Has.Count.EqualTo(1));
        Assert.That(Host.SupportDrivers[0].Description, Does.Contain("fake"));
        Assert.That(Host.SupportDrivers[0].Version, Does.Match(@"^\d+\.\d+\.\d+\.\d+$"));
        Assert.That(Host.SupportDrivers[0].Date, Does.Match(@"^\d{4}-\d\d-\d\d$"));
    }

    private static string Touch(string folder, string name)
    {
        string file = Path.Combine(folder, name);
        File.WriteAllText(file, string.Empty);
        return file;
    }

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(fixture.Folder, "search", name)).FullName;
}
