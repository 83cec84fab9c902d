using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>The list of registered machines after changes by people, crashes and other programs.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RegistrationFileTests : IDisposable
{
    private readonly TestDirectory folder = new();

    private string ListFile => folder.PathOf("Registrations.txt");

    public void Dispose() => folder.Dispose();

    [TestCase("\0\0\0\0", "control characters")]
    [TestCase("/a\0b.vmc", "control characters")]
    [TestCase("\u0001\u001B[31m", "control characters")]
    [TestCase("garbage", "full path")]
    [TestCase("relative/Machine.vmc", "full path")]
    [TestCase("Windows XP Mode.vmc", "full path", Description = "One of that name is where a process may stand.")]
    [TestCase("/no/configuration.txt", "full path")]
    [TestCase("/a/b|c.vmc", "not usable")]
    [TestCase("/a/.vmc", "needs a name")]
    public async Task A_line_that_names_no_machine_is_reported_by_its_number_and_kept_and_hides_no_other(string line, string reason)
    {
        await MakeAsync();
        await File.AppendAllTextAsync(ListFile, $"# a comment\n\n{line}\n{folder.PathOf("Later.vmc")}\n");
        await File.WriteAllTextAsync(folder.PathOf("Later.vmc"), "<preferences/>");
        await using HostFixture fixture = new(folder.FullPath);

        Assert.That(
            fixture.Host.VirtualMachines.Select(machine => machine.Name), Is.EqualTo(["Later", VirtualMachineHost.FirstMachineName]));
        CatalogueProblem problem = fixture.Host.Problems.Single();
        Assert.That(problem.File, Is.EqualTo(ListFile));
        Assert.That(problem.Name, Is.EqualTo("line 5"));
        Assert.That(problem.Reason, Does.Contain($"Line 5 of {ListFile}").And.Contain(reason));
        Assert.That(fixture.Log.Entries.Count(entry => entry.Id == MachineEventIds.ConfigurationDamaged), Is.EqualTo(1));

        fixture.Host.CreateVirtualMachine("New", fixture.Host.DefaultConfigurationPath);

        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(3));
        Assert.That((await File.ReadAllTextAsync(ListFile)).Split(Environment.NewLine), Does.Contain(line.Trim()));
        Assert.That(fixture.Host.Problems, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_very_long_line_is_not_shown_whole()
    {
        await MakeAsync();
        await File.AppendAllTextAsync(ListFile, "/" + new string('x', 500_000) + ".vmc\n");
        await using HostFixture fixture = new(folder.FullPath);

        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(1));
        Assert.That(fixture.Host.Problems.Single().Reason, Has.Length.LessThan(1000).And.Contain("500,005 characters"));
    }

    [Test]
    public async Task A_list_that_would_grow_past_what_can_be_read_is_not_written()
    {
        await MakeAsync();
        await File.AppendAllTextAsync(ListFile, new string('x', (1024 * 1024) - (int)new FileInfo(ListFile).Length));
        byte[] before = await File.ReadAllBytesAsync(ListFile);
        await using HostFixture fixture = new(folder.FullPath);
        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(1));

        Assert.That(
            () => fixture.Host.CreateVirtualMachine("New", fixture.Host.DefaultConfigurationPath), Refusals.With(
                VirtualMachineError.OutOfResources));

        Assert.That(await File.ReadAllBytesAsync(ListFile), Is.EqualTo(before));
        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(1));
        Assert.That(Path.Combine(fixture.Host.DefaultConfigurationPath, "New.vmc"), Does.Not.Exist);
    }

    [TestCase("pipe", "a named pipe")]
    [TestCase("folder", "a folder")]
    [TestCase("device", "a device")]
    [Platform(Exclude = "Win", Reason = "Windows has no pipes and devices in folders.")]
    public async Task What_is_no_file_in_place_of_the_list_is_named_at_once(string kind, string named)
    {
        await MakeAsync();
        File.Delete(ListFile);
        await SpecialFiles.MakeAsync(ListFile, kind);

        await Wait.UntilAsync(
            Task.Run(async () =>
            {
                await using HostFixture fixture = new(folder.FullPath);
                Assert.That(
                    () => fixture.Host.VirtualMachines,
                    Throws.TypeOf<VirtualMachineException>().With.Message.Contains(ListFile).And.Message.Contains(named));
            }),
            "the refusal");
    }

    private async Task MakeAsync()
    {
        await using HostFixture first = new(folder.FullPath);
        Assert.That(first.Host.VirtualMachines, Has.Count.EqualTo(1));
    }
}
