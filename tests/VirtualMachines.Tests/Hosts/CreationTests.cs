using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Tests.Hosts;

/// <summary>A machine that is made and completed in one piece.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CreationTests : IAsyncDisposable
{
    private readonly HostFixture fixture = new();

    private string Above => Path.Combine(fixture.Folder, "above");

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Test]
    public void A_machine_that_cannot_be_completed_leaves_neither_files_nor_new_folders_nor_a_registration([Values] bool pathNamesFile)
    {
        string folder = Path.Combine(Above, "machines", "New");
        string? name = pathNamesFile ? null : "New";
        string path = pathNamesFile ? Path.Combine(folder, "New.vmc") : folder;

        Assert.That(
            () => fixture.Host.CreateVirtualMachine(name, path, machine =>
            {
                machine.Undoable = true;
                machine.MemoryMegabytes = 1;
            }),
            Throws.TypeOf<VirtualMachineException>().With.Message.Contains("3712"));

        Assert.That(Directory.Exists(Above), Is.False);
        Assert.That(fixture.Host.FindVirtualMachine("New"), Is.Null);
        Assert.That(fixture.Host.CreateVirtualMachine(name, path).Name, Is.EqualTo("New"), "the name and the path are free");
    }

    [Test]
    public void A_folder_that_was_there_stays_with_what_is_in_it()
    {
        Directory.CreateDirectory(Above);
        File.WriteAllText(Path.Combine(Above, "other"), string.Empty);

        Assert.That(
            () => fixture.Host.CreateVirtualMachine("New", Above, _ => throw new InvalidOperationException()),
            Throws.InvalidOperationException);

        Assert.That(Directory.GetFileSystemEntries(Above).Select(Path.GetFileName), Is.EqualTo(["other"]));
    }

    [Test]
    public void All_values_of_a_file_are_listed_by_keys_that_read_them()
    {
        VirtualMachine machine = fixture.Host.CreateVirtualMachine(
            "New", Above, made => made.ConfigurationValues.SetValue("x[@id=a]/y", 7));

        IReadOnlyList<KeyValuePair<string, object>> values = MachineFileValues.Read(machine.ConfigurationFile);

        Assert.That(values, Has.Exactly(1).EqualTo(KeyValuePair.Create<string, object>("x[@id=a]/y", 7)));
        Assert.That(values, Has.Count.GreaterThan(10));
        foreach ((string key, object value) in values)
        {
            Assert.That(machine.ConfigurationValues.GetValue(key), Is.EqualTo(value), key);
        }
    }
}
