using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>A pipe, a device or a folder where a file is expected: nothing waits for it, and it is the fault of one thing.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Platform(Exclude = "Win", Reason = "Windows has no pipes and devices in folders.")]
internal sealed class SpecialFileTests : IDisposable
{
    private static readonly string[] Kinds = ["pipe", "folder", "device"];

    private readonly TestDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [TestCaseSource(nameof(Kinds))]
    public Task A_configuration_that_is_no_file_is_a_problem_and_hides_no_other(string kind) => InTime(async () =>
    {
        await using (HostFixture first = new(folder.FullPath))
        {
            first.Host.CreateVirtualMachine("Odd", folder.FullPath);
        }

        File.Delete(folder.PathOf("Odd.vmc"));
        await SpecialFiles.MakeAsync(folder.PathOf("Odd.vmc"), kind);
        await using HostFixture fixture = new(folder.FullPath);

        Assert.That(fixture.Host.VirtualMachines.Select(machine => machine.Name), Is.EqualTo([VirtualMachineHost.FirstMachineName]));
        Assert.That(fixture.Host.Problems.Single().Reason, Does.Contain(folder.PathOf("Odd.vmc")).And.Contain(kind));
    });

    [TestCaseSource(nameof(Kinds))]
    public Task Preferences_that_are_no_file_are_put_aside(string kind) => InTime(async () =>
    {
        await SpecialFiles.MakeAsync(folder.PathOf("Options.xml"), kind);

        await using HostFixture fixture = new(folder.FullPath);

        Assert.That(fixture.Host.Preferences.GetValue("idle_timeout"), Is.EqualTo(30));
        Assert.That(Path.Exists(folder.PathOf("Options.xml.damaged")), Is.True);
        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(1));
    });

    [TestCaseSource(nameof(Kinds))]
    public Task A_file_that_is_in_the_way_of_new_content_is_not_written_to(string kind) => InTime(async () =>
    {
        await using HostFixture fixture = new(folder.FullPath);
        string temporary = fixture.Machine.ConfigurationFile + ".new";
        await SpecialFiles.MakeAsync(temporary, kind);

        fixture.Machine.Notes = "new";
        Assert.That(fixture.Machine.Notes, Is.EqualTo("new"));
        Assert.That(Path.Exists(temporary), Is.True);
    });

    [TestCaseSource(nameof(Kinds))]
    public Task Media_and_disks_that_are_no_files_are_refused(string kind) => InTime(async () =>
    {
        await using HostFixture fixture = new(folder.FullPath);
        VirtualMachine machine = fixture.Machine;
        string path = folder.PathOf("odd.vhd");
        await SpecialFiles.MakeAsync(path, kind);

        Assert.That(() => machine.AddHardDiskConnection(path, 0, 0), Throws.TypeOf<VirtualMachineException>().With.Message.Contains(path));
        Assert.That(() => machine.DvdDrives[0].AttachImage(path), Throws.TypeOf<VirtualMachineException>().With.Message.Contains(path));
        Assert.That(() => machine.FloppyDrives[0].AttachImage(path), Throws.TypeOf<VirtualMachineException>().With.Message.Contains(path));
        Assert.That(() => fixture.Host.GetFloppyDiskImageType(path), Throws.TypeOf<VirtualMachineException>().With.Message.Contains(path));
    });

    [TestCaseSource(nameof(Kinds))]
    public Task A_serial_ports_text_file_that_is_no_file_is_refused(string kind) => InTime(async () =>
    {
        string path = folder.PathOf("text");
        await SpecialFiles.MakeAsync(path, kind);

        Assert.That(() => new FileSerialEnd(path), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
    });

    /// <summary>On a thread of its own: what waits for a pipe waits for ever.</summary>
    private static Task InTime(Func<Task> test) => Wait.UntilAsync(Task.Run(test), "the end of the test");
}
