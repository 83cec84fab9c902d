using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>The contract's rules for names and paths, and the order in which they are checked.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class NameAndPathTests
{
    private static readonly string Root = OperatingSystem.IsWindows() ? @"C:\" : "/";
    private static readonly string Folder = Root + "machines";

    private static readonly string Long = new('n', MachineNames.MaximumLength);

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("no path", "M", null, VirtualMachineError.MissingArgument);
        yield return Case("neither name nor path", null, null, VirtualMachineError.MissingArgument);
        yield return Case("no name, no file in the path", null, Folder, VirtualMachineError.ConfigurationWithoutName);
        yield return Case("empty name, empty path", string.Empty, string.Empty, VirtualMachineError.ConfigurationWithoutName);
        yield return Case("blank name", "  ", Folder, VirtualMachineError.ConfigurationWithoutName);
        yield return Case("81 characters", Long + "n", Folder, VirtualMachineError.ConfigurationNameTooLong);
        yield return Case(
            "81 characters in the path", null, Path.Combine(Folder, Long + "n.vmc"), VirtualMachineError.ConfigurationNameTooLong);
        foreach (char c in "*?:<>/|\\\"\n\0")
        {
            yield return Case($"character {(int)c} in the name", $"a{c}b", Folder, VirtualMachineError.ConfigurationNameInvalidCharacter);
        }

        yield return Case("dots alone", "..", Folder, VirtualMachineError.ConfigurationNameInvalidCharacter);
        yield return Case("empty path", "M", string.Empty, VirtualMachineError.BadPathName);
        yield return Case("blank path", "M", " ", VirtualMachineError.BadPathName);
        yield return Case("relative path", "M", "machines", VirtualMachineError.BadPathName);
        yield return Case("relative path of a file", null, "M.vmc", VirtualMachineError.BadPathName);
        foreach (char c in "*?<>|\":\n")
        {
            yield return Case($"character {(int)c} in the path", "M", $"{Folder}{c}", VirtualMachineError.InvalidPathName);
        }

        yield return Case(
            "the other system's separator",
            "M",
            Root + (OperatingSystem.IsWindows() ? "a/b" : "a\\b"),
            VirtualMachineError.InvalidPathName);
        yield return Case("260 characters", "M", Root + new string('p', 260 - Root.Length), VirtualMachineError.PathTooLong);
        yield return Case("260 characters with name and longest extension", "M", FolderFor(260), VirtualMachineError.PathTooLong);

        // The order: a name is looked at before a path, its form before its length.
        yield return Case("bad name before bad path", "a*", "relative", VirtualMachineError.ConfigurationNameInvalidCharacter);
        yield return Case("long name before bad characters", Long + "*", Folder, VirtualMachineError.ConfigurationNameTooLong);
        yield return Case("relative before characters", "M", "a*", VirtualMachineError.BadPathName);
        yield return Case("characters before length", "M", Root + new string('*', 300), VirtualMachineError.InvalidPathName);
    }

    [TestCaseSource(nameof(Refused))]
    public void A_bad_name_or_path_is_refused_with_the_contracts_error(string? name, string? path, VirtualMachineError error) =>
        Assert.That(() => MachineFiles.Resolve(name, path, nameMayHaveExtension: false), Refusals.With(error));

    [Test]
    public void A_duplicate_is_looked_for_after_the_name_and_before_the_path()
    {
        List<string> asked = [];

        Assert.That(
            () => MachineFiles.Resolve("M", "relative", nameMayHaveExtension: false, asked.Add), Refusals.With(
                VirtualMachineError.BadPathName));
        Assert.That(() => MachineFiles.Resolve("a*", Folder, nameMayHaveExtension: false, asked.Add), Throws.Exception);
        Assert.That(asked, Is.EqualTo(["M"]));
    }

    [Test]
    public void Name_and_folder_make_the_files()
    {
        MachineFiles files = MachineFiles.Resolve("My. Machine", Folder + Path.DirectorySeparatorChar, nameMayHaveExtension: false);

        Assert.That(files.Name, Is.EqualTo("My. Machine"));
        Assert.That(files.Configuration, Is.EqualTo(Path.Combine(Folder, "My. Machine.vmc")));
        Assert.That(files.Description, Is.EqualTo(Path.Combine(Folder, "My. Machine.vmcx")));
        Assert.That(files.SavedState, Is.EqualTo(Path.Combine(Folder, "My. Machine.vsv")));
    }

    [TestCase(null)]
    [TestCase("")]
    public void Without_a_name_the_path_is_the_files(string? name)
    {
        string path = Path.Combine(Folder, "XP.VMC");

        Assert.That(MachineFiles.Resolve(name, path, nameMayHaveExtension: false).Name, Is.EqualTo("XP"));
    }

    [Test]
    public void The_extension_is_part_of_a_new_name_and_not_of_a_registered_one()
    {
        Assert.That(MachineFiles.Resolve("a.vmc", Folder, nameMayHaveExtension: false).Name, Is.EqualTo("a.vmc"));
        Assert.That(MachineFiles.Resolve("a.vmc", Folder, nameMayHaveExtension: true).Name, Is.EqualTo("a"));
    }

    [Test]
    public void The_longest_name_and_path_are_good()
    {
        Assert.That(MachineFiles.Resolve(Long, Folder, nameMayHaveExtension: false).Name, Is.EqualTo(Long));
        Assert.That(MachineFiles.Resolve("M", FolderFor(259), nameMayHaveExtension: false).Description, Has.Length.EqualTo(259));
    }

    private static string FolderFor(int length)
    {
        int rest = length - "/M.vmcx".Length - Root.Length;
        return Root + new string('p', rest);
    }

    private static TestCaseData Case(string what, string? name, string? path, VirtualMachineError error) =>
        new TestCaseData(name, path, error).SetArgDisplayNames(what);
}
