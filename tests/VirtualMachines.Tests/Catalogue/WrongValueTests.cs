using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>
/// Files with values that are missing or wrong, as people and other programs make them: one such file hides no other machine.
/// </summary>
[TestFixture]
internal sealed class WrongValueTests
{
    private const string Good = "<hardware><memory><ram_size type=\"integer\">128</ram_size></memory></hardware>";

    [TestCase("")]
    [TestCase("<version type=\"string\">2.0</version>")]
    [TestCase("<hardware><memory/></hardware>")]
    [TestCase("<hardware><memory><ram_size/></memory></hardware>", Description = "No type and no text: no value.")]
    public async Task Missing_memory_is_as_much_as_a_new_machine_has(string content)
    {
        using TestDirectory folder = new();
        await using HostFixture fixture = await OpenAsync(folder, content);

        VirtualMachine machine = fixture.Host.FindVirtualMachine("Odd")!;
        Assert.That(machine.MemoryMegabytes, Is.EqualTo(512));
        Assert.That(fixture.Host.Problems, Is.Empty);
        await HostFixture.SucceedAsync(machine.Startup(StartupOption.Normal));
        Assert.That(fixture.Provider.Last.Start.MemoryMegabytes, Is.EqualTo(512));
    }

    [Test]
    public async Task Missing_values_have_their_defaults()
    {
        using TestDirectory folder = new();
        await using HostFixture fixture = await OpenAsync(folder, "<integration/>");

        VirtualMachine machine = fixture.Host.FindVirtualMachine("Odd")!;
        Assert.That(machine.Undoable, Is.False);
        Assert.That(machine.UndoAction, Is.EqualTo(UndoAction.Keep));
        Assert.That(machine.ShutdownActionOnQuit, Is.EqualTo(ShutdownAction.Save));
        Assert.That(machine.Notes, Is.Empty);
        Assert.That(machine.BiosGuid, Is.Empty);
        Assert.That(machine.NetworkCards, Is.Empty);
        Assert.That(machine.ConfigurationId, Is.Not.EqualTo(Guid.Empty));
    }

    [TestCase("hardware/memory/ram_size", "type=\"integer\"", "")]
    [TestCase("hardware/memory/ram_size", "type=\"integer\"", "-128")]
    [TestCase("hardware/memory/ram_size", "type=\"integer\"", "0x80")]
    [TestCase("hardware/memory/ram_size", "type=\"integer\"", "128.0")]
    [TestCase("hardware/memory/ram_size", "type=\"integer\"", "lots")]
    [TestCase("hardware/memory/ram_size", "type=\"integer\"", "99999999999999999999")]
    [TestCase("hardware/memory/ram_size", "type=\"integer\"", "3713")]
    [TestCase("hardware/memory/ram_size", "type=\"string\"", "128")]
    [TestCase("hardware/memory/ram_size", "", "128")]
    [TestCase("settings/undo_drives/enabled", "type=\"boolean\"", "yes")]
    [TestCase("settings/undo_drives/enabled", "type=\"string\"", "true")]
    [TestCase("settings/undo_drives/default_action", "type=\"integer\"", "3")]
    [TestCase("integration/vpccomapi/shutdown_action_on_quit", "type=\"string\"", "save")]
    [TestCase("integration/vpccomapi/configuration_id", "type=\"string\"", "mine")]
    [TestCase("integration/vpccomapi/configuration_id", "type=\"integer\"", "1")]
    [TestCase("integration/vpccomapi/notes", "type=\"integer\"", "5")]
    [TestCase("hardware/bios/bios_guid", "type=\"string\"", "{no guid}")]
    [TestCase("hardware/bios/bios_serial_number", "type=\"string\"", "123456789012345678901234567890123")]
    [TestCase("hardware/bios/chassis/asset_tag", "type=\"string\"", "a\\b")]
    [TestCase("hardware/pci_bus/ethernet_adapter/controller_count", "type=\"integer\"", "-1")]
    [TestCase("integration/microsoft/heartbeat/time", "type=\"integer\"", "0")]
    [TestCase("integration/microsoft/host_time_sync/enabled", "type=\"boolean\"", "1")]
    public async Task A_wrong_value_makes_its_machine_a_problem_and_no_other(string key, string type, string text)
    {
        using TestDirectory folder = new();
        await using HostFixture fixture = await OpenAsync(folder, Element(key, type, text));

        Assert.That(
            fixture.Host.VirtualMachines.Select(machine => machine.Name), Is.EqualTo(["Beside", VirtualMachineHost.FirstMachineName]));
        Assert.That(fixture.Host.VirtualMachines.Select(machine => machine.MemoryMegabytes), Is.EqualTo([128, 512]));
        Assert.That(fixture.Host.FindVirtualMachine("Odd"), Is.Null);
        Assert.That(fixture.Host.FindVirtualMachine("Beside"), Is.Not.Null);
        CatalogueProblem problem = fixture.Host.Problems.Single();
        Assert.That(problem.Name, Is.EqualTo("Odd"));
        Assert.That(problem.Reason, Does.Contain(folder.PathOf("Odd.vmc")).And.Contain(key).And.Contain($"'{text}'"));
        Assert.That(await File.ReadAllTextAsync(folder.PathOf("Odd.vmc")), Does.Contain(Element(key, type, text)), "it is left for repair");
    }

    [Test]
    public async Task Values_that_nothing_here_reads_may_be_anything()
    {
        using TestDirectory folder = new();
        await using HostFixture fixture = await OpenAsync(
            folder,
            "<version>2</version><ui_options><seconds_to_save type=\"integer\">soon</seconds_to_save></ui_options><customer>x</customer>");

        Assert.That(fixture.Host.FindVirtualMachine("Odd"), Is.Not.Null);
        Assert.That(fixture.Host.Problems, Is.Empty);
    }

    [Test]
    public async Task A_value_that_a_caller_makes_wrong_can_be_made_right_by_the_same_caller()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        machine.ConfigurationValues.SetValue("hardware/memory/ram_size", "lots");
        Assert.That(fixture.Host.Problems.Single().Name, Is.EqualTo(machine.Name));

        machine.MemoryMegabytes = 256;

        Assert.That(fixture.Host.Problems, Is.Empty);
        Assert.That(fixture.Machine, Is.SameAs(machine));
    }

    [Test]
    public async Task A_running_machine_whose_file_is_deleted_is_listed_found_and_turned_off()
    {
        await using HostFixture fixture = new();
        fixture.Host.CreateVirtualMachine("Beside", fixture.Host.DefaultConfigurationPath);
        VirtualMachine machine = fixture.Machine;
        machine.MemoryMegabytes = 64;
        await fixture.StartAsync();

        File.Delete(machine.ConfigurationFile);

        Assert.That(fixture.Host.VirtualMachines.Select(listed => (listed.Name, listed.State, listed.MemoryMegabytes)), Is.EqualTo(
        [
            ("Beside", MachineState.TurnedOff, 512),
            (machine.Name, MachineState.Running, 64),
        ]));
        Assert.That(fixture.Host.Problems.Single().Reason, Does.Contain(machine.ConfigurationFile));
        Assert.That(fixture.Machine, Is.SameAs(machine));

        await Wait.UntilAsync(machine.TurnOff().Completion, "the power-off");
        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(fixture.Host.VirtualMachines.Select(listed => listed.Name), Is.EqualTo(["Beside"]));
        Assert.That(fixture.Host.Problems, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_file_is_not_registered_and_the_refusal_says_why()
    {
        await using HostFixture fixture = new();
        string file = Path.Combine(fixture.Folder, "Odd.vmc");
        await File.WriteAllTextAsync(file, Document(Element("hardware/memory/ram_size", "type=\"integer\"", "many")));

        Assert.That(
            () => fixture.Host.RegisterVirtualMachine(null, file),
            Refusals.With(VirtualMachineError.IllegalValue));
        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(1));
        Assert.That(fixture.Host.Problems, Is.Empty);
    }

    /// <summary>A host with the machines "Odd", whose file has this content, and "Beside", which is as it should be.</summary>
    private static async Task<HostFixture> OpenAsync(TestDirectory folder, string content)
    {
        await using (HostFixture first = new(folder.FullPath))
        {
            Assert.That(first.Host.VirtualMachines, Has.Count.EqualTo(1));
        }

        await File.WriteAllTextAsync(folder.PathOf("Odd.vmc"), Document(content));
        await File.WriteAllTextAsync(folder.PathOf("Beside.vmc"), Document(Good));
        await File.AppendAllLinesAsync(folder.PathOf("Registrations.txt"), [folder.PathOf("Odd.vmc"), folder.PathOf("Beside.vmc")]);
        return new HostFixture(folder.FullPath);
    }

    private static string Document(string content) => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><preferences>{content}</preferences>";

    private static string Element(string key, string type, string text)
    {
        string[] names = key.Split('/');
        StringBuilder xml = new();
        xml.AppendJoin(string.Empty, names[..^1].Select(name => $"<{name}>"));
        xml.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"<{names[^1]}{(type.Length > 0 ? " " + type : string.Empty)}>{text}</{names[^1]}>");
        xml.AppendJoin(string.Empty, names[..^1].Reverse().Select(name => $"</{name}>"));
        return xml.ToString();
    }
}
