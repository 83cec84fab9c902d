using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Catalogue;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Tests.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>Making, finding, registering, renaming and deleting machines, over real files.</summary>
[TestFixture]
internal sealed class CatalogueTests
{
    [Test]
    public async Task On_first_use_the_machine_of_Windows_7_is_there()
    {
        await using HostFixture fixture = new();

        VirtualMachine machine = fixture.Host.VirtualMachines.Single();

        Assert.That(machine.Name, Is.EqualTo("Windows XP Mode"));
        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(machine.ConfigurationFile, Is.EqualTo(Path.Combine(fixture.Folder, "Virtual Machines", "Windows XP Mode.vmc")));
        Assert.That(machine.ConfigurationFile, Does.Exist);
        Assert.That(Path.ChangeExtension(machine.ConfigurationFile, ".vmcx"), Does.Exist);
        Assert.That(machine.MemoryMegabytes, Is.EqualTo(512));
        Assert.That(machine.ConfigurationId, Is.Not.EqualTo(Guid.Empty));
    }

    [Test]
    public async Task The_first_machine_runs_on_the_emulated_provider_even_when_another_is_the_default_one()
    {
        using TestDirectory folder = new();
        FakeProvider emulated = new("emulated");
        await using VirtualMachineHost host = VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = folder.FullPath, Providers = [new FakeProvider("qemu"), emulated], LoggerFactory = new LogRecorder(),
        });

        await HostFixture.SucceedAsync(host.VirtualMachines.Single().Startup(StartupOption.Normal));

        Assert.That(emulated.Machines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_first_machine_is_not_made_again_once_it_was_deleted()
    {
        using TestDirectory folder = new();
        await using (HostFixture first = new(folder.FullPath))
        {
            Assert.That(first.Host.DeleteVirtualMachine(first.Machine), Is.True);
        }

        await using HostFixture second = new(folder.FullPath);

        Assert.That(second.Host.VirtualMachines, Is.Empty);
    }

    [Test]
    public async Task Its_files_are_taken_up_again_when_the_list_of_registrations_is_lost()
    {
        using TestDirectory folder = new();
        Guid id;
        await using (HostFixture first = new(folder.FullPath))
        {
            id = first.Machine.ConfigurationId;
        }

        File.Delete(folder.PathOf("Registrations.txt"));
        await using HostFixture second = new(folder.FullPath);

        Assert.That(second.Machine.ConfigurationId, Is.EqualTo(id));
    }

    [TestCase("windows xp mode")]
    [TestCase("WINDOWS XP MODE")]
    public async Task A_machine_is_found_ignoring_case_and_is_one_object(string name)
    {
        await using HostFixture fixture = new();

        Assert.That(fixture.Host.FindVirtualMachine(name), Is.SameAs(fixture.Host.VirtualMachines.Single()));
    }

    [Test]
    public async Task An_unknown_machine_is_null_and_no_name_is_a_missing_argument()
    {
        await using HostFixture fixture = new();

        Assert.That(fixture.Host.FindVirtualMachine("no such machine"), Is.Null);
        Assert.That(() => fixture.Host.FindVirtualMachine(null), Refusals.With(VirtualMachineError.MissingArgument));
        Assert.That(() => fixture.Host.FindVirtualMachine(string.Empty), Refusals.With(VirtualMachineError.MissingArgument));
    }

    [Test]
    public async Task A_new_machine_is_in_its_own_folder_which_is_created()
    {
        await using HostFixture fixture = new();
        string folder = Path.Combine(fixture.Folder, "deep", "er");

        VirtualMachine machine = fixture.Host.CreateVirtualMachine("Test", folder);

        Assert.That(machine.ConfigurationFile, Is.EqualTo(Path.Combine(folder, "Test.vmc")).And.Exist);
        Assert.That(fixture.Host.VirtualMachines.Select(m => m.Name), Is.EqualTo(["Test", VirtualMachineHost.FirstMachineName]));
        Assert.That(machine.ChassisAssetTag, Does.Match(@"^(\d{4}-){6}\d\d$"));
        Assert.That(
            new[] { machine.BiosGuid, machine.BiosSerialNumber, machine.BaseBoardSerialNumber, machine.ChassisSerialNumber }, Is.All.Empty);
    }

    [Test]
    public async Task A_refused_creation_leaves_nothing_behind()
    {
        await using HostFixture fixture = new();
        string folder = fixture.Host.DefaultConfigurationPath;
        string[] before = Directory.GetFiles(folder);
        File.WriteAllText(Path.Combine(folder, "Taken.vmc"), "somebody's");

        Assert.That(
            () => fixture.Host.CreateVirtualMachine("WINDOWS xp mode", folder),
            Refusals.With(VirtualMachineError.ConfigurationDuplicateName));
        Assert.That(() => fixture.Host.CreateVirtualMachine("Taken", folder), Refusals.With(VirtualMachineError.AlreadyExists));
        Assert.That(
            () => fixture.Host.CreateVirtualMachine("M", Path.Combine(folder, "Taken.vmc", "below")), Refusals.With(
                VirtualMachineError.PathNotFound));

        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(before.Length + 1));
        Assert.That(File.ReadAllText(Path.Combine(folder, "Taken.vmc")), Is.EqualTo("somebody's"));
        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_unregistered_machine_keeps_its_files_and_can_be_registered_again()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        string file = machine.ConfigurationFile;

        fixture.Host.UnregisterVirtualMachine(machine);

        Assert.That(fixture.Host.VirtualMachines, Is.Empty);
        Assert.That(file, Does.Exist);
        Assert.That(() => machine.Notes, Refusals.With(VirtualMachineError.MachineUnknown));
        Assert.That(() => machine.Startup(StartupOption.Normal), Refusals.With(VirtualMachineError.MachineUnknown));
        Assert.That(() => fixture.Host.UnregisterVirtualMachine(machine), Refusals.With(VirtualMachineError.MachineUnknown));
        Assert.That(
            fixture.Host.RegisterVirtualMachine("Windows XP Mode.vmc", Path.GetDirectoryName(file)).ConfigurationId, Is.EqualTo(
                machine.ConfigurationId));
    }

    [Test]
    public async Task Registration_refuses_what_is_not_there_or_no_configuration()
    {
        await using HostFixture fixture = new();
        string folder = fixture.Host.DefaultConfigurationPath;
        File.WriteAllText(Path.Combine(folder, "Damaged.vmc"), "<preferences>");

        Assert.That(() => fixture.Host.RegisterVirtualMachine("None", folder), Refusals.With(VirtualMachineError.FileNotFound));
        Assert.That(
            () => fixture.Host.RegisterVirtualMachine("None", Path.Combine(folder, "none")),
            Refusals.With(VirtualMachineError.PathNotFound));
        Assert.That(
            () => fixture.Host.RegisterVirtualMachine(null, fixture.Machine.ConfigurationFile), Refusals.With(
                VirtualMachineError.ConfigurationDuplicateName));
        Assert.That(() => fixture.Host.RegisterVirtualMachine("Damaged", folder), Refusals.With(VirtualMachineError.Unexpected));
        Assert.That(fixture.Host.VirtualMachines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_file_of_the_real_product_is_registered_and_gets_an_id_and_a_tag_only()
    {
        await using HostFixture fixture = new();
        const string Bios =
            "<bios><base_board><serial_number type=\"string\">B-1</serial_number></base_board>" +
            "<bios_guid type=\"string\">{5242D6D9-20F8-7442-B2E6-DFCFFC45749A}</bios_guid><bios_serial_number "
                + "type=\"string\">S-1</bios_serial_number>" +
            "<chassis><serial_number type=\"string\">C-1</serial_number></chassis><cmos type=\"bytes\">0000</cmos></bios>";
        string path = Path.Combine(fixture.Folder, "Old.vmc");
        await File.WriteAllTextAsync(
            path,
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><preferences><version type=\"string\">2.0</version><hardware><memory>" +
            $"<ram_size type=\"integer\">256</ram_size></memory>{Bios}</hardware></preferences>",
            Encoding.Unicode);

        VirtualMachine machine = fixture.Host.RegisterVirtualMachine(null, path);

        Assert.That(machine.MemoryMegabytes, Is.EqualTo(256));
        Assert.That(machine.BiosGuid, Is.EqualTo("{5242D6D9-20F8-7442-B2E6-DFCFFC45749A}"));
        Assert.That(machine.BiosSerialNumber, Is.EqualTo("S-1"));
        Assert.That(machine.BaseBoardSerialNumber, Is.EqualTo("B-1"));
        Assert.That(machine.ChassisSerialNumber, Is.EqualTo("C-1"));
        Assert.That(machine.ChassisAssetTag, Does.Match(@"^(\d{4}-){6}\d\d$"));
        Assert.That(machine.ConfigurationValues.GetValue("hardware/bios/cmos"), Is.EqualTo(new byte[2]));
        Assert.That(machine.ConfigurationId, Is.Not.EqualTo(Guid.Empty));
    }

    [Test]
    public async Task A_copy_of_a_machines_file_shares_neither_id_nor_tag_with_it()
    {
        await using HostFixture fixture = new();
        string copy = Path.Combine(fixture.Folder, "Copy.vmc");
        File.Copy(fixture.Machine.ConfigurationFile, copy);

        VirtualMachine machine = fixture.Host.RegisterVirtualMachine(null, copy);

        Assert.That(machine.ConfigurationId, Is.Not.EqualTo(fixture.Machine.ConfigurationId));
        Assert.That(machine.ChassisAssetTag, Is.Not.EqualTo(fixture.Machine.ChassisAssetTag));
    }

    [Test]
    public async Task A_deleted_machine_takes_its_configuration_description_and_saved_state_along()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();
        await HostFixture.SucceedAsync(fixture.Machine.Save());
        VirtualMachine machine = fixture.Machine;

        Assert.That(fixture.Host.DeleteVirtualMachine(machine), Is.True);

        Assert.That(Directory.GetFiles(Path.Combine(fixture.Folder, "Virtual Machines")), Is.Empty);
        Assert.That(fixture.Host.VirtualMachines, Is.Empty);
        Assert.That(() => fixture.Host.DeleteVirtualMachine(machine), Refusals.With(VirtualMachineError.MachineUnknown));
    }

    [Test]
    public async Task Deleting_a_machine_whose_file_is_gone_unregisters_it_and_reports_that()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        File.Delete(machine.ConfigurationFile);

        Assert.That(fixture.Host.DeleteVirtualMachine(machine), Is.False);
        Assert.That(fixture.Host.Problems, Is.Empty);
    }

    [Test]
    public async Task A_running_machine_can_be_neither_deleted_nor_unregistered()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();

        Assert.That(() => fixture.Host.DeleteVirtualMachine(fixture.Machine), Refusals.With(VirtualMachineError.MachineRunning));
        Assert.That(() => fixture.Host.UnregisterVirtualMachine(fixture.Machine), Refusals.With(VirtualMachineError.MachineRunning));
        Assert.That(fixture.Machine.State, Is.EqualTo(MachineState.Running));
    }

    [Test]
    public async Task A_renamed_machine_renames_its_files_and_is_found_by_its_new_name_after_a_restart()
    {
        using TestDirectory folder = new();
        Guid id;
        await using (HostFixture first = new(folder.FullPath))
        {
            VirtualMachine machine = first.Machine;
            id = machine.ConfigurationId;

            machine.Name = "New name";

            Assert.That(first.Host.FindVirtualMachine("New name"), Is.SameAs(machine));
            Assert.That(first.Host.FindVirtualMachine(VirtualMachineHost.FirstMachineName), Is.Null);
            Assert.That(
                Directory.GetFiles(folder.PathOf("Virtual Machines")).Select(Path.GetFileName), Is.EquivalentTo(
                    ["New name.vmc", "New name.vmcx"]));
            machine.Notes = "written to the new file";
        }

        await using HostFixture second = new(folder.FullPath);

        VirtualMachine found = second.Host.FindVirtualMachine("new NAME")!;
        Assert.That(found.ConfigurationId, Is.EqualTo(id));
        Assert.That(found.Notes, Is.EqualTo("written to the new file"));
    }

    [TestCase(".vmc")]
    [TestCase(".nvr")]
    [TestCase(".vsv")]
    public async Task A_new_name_with_a_file_that_is_left_over_from_another_machine_is_refused_and_nothing_has_changed(string extension)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        string old = machine.ConfigurationFile;
        string folder = Path.GetDirectoryName(old)!;
        string leftOver = Path.Combine(folder, "Taken" + extension);
        await File.WriteAllTextAsync(leftOver, "of another machine");
        await File.WriteAllTextAsync(Path.ChangeExtension(old, ".nvr"), "of this machine");
        string[] before = [.. Directory.GetFiles(folder).Order()];

        Assert.That(() => machine.Name = "Taken", Refusals.With(VirtualMachineError.AlreadyExists).And.Message.Contains(leftOver));

        Assert.That(Directory.GetFiles(folder).Order(), Is.EqualTo(before));
        Assert.That(await File.ReadAllTextAsync(leftOver), Is.EqualTo("of another machine"));
        Assert.That(machine.Name, Is.EqualTo(VirtualMachineHost.FirstMachineName));
        machine.Notes = "still usable";
        await using HostFixture second = new(fixture.Folder);
        Assert.That(second.Host.Problems, Is.Empty);
        Assert.That(second.Machine.Notes, Is.EqualTo("still usable"));
    }

    [TestCase(".nvr")]
    [TestCase(".vsv")]
    public async Task A_new_machine_does_not_take_over_a_file_that_is_left_over_from_another(string extension)
    {
        await using HostFixture fixture = new();
        string folder = Directory.CreateDirectory(Path.Combine(fixture.Folder, "made before")).FullName;
        string leftOver = Path.Combine(folder, "Taken" + extension);
        await File.WriteAllTextAsync(leftOver, "of another machine");

        Assert.That(
            () => fixture.Host.CreateVirtualMachine("Taken", folder),
            Refusals.With(VirtualMachineError.AlreadyExists).And.Message.Contains(leftOver));

        Assert.That(Directory.GetFiles(folder), Is.EqualTo([leftOver]));
        Assert.That(await File.ReadAllTextAsync(leftOver), Is.EqualTo("of another machine"));
    }

    [Test]
    public async Task A_bad_new_name_is_refused_and_the_old_one_stays()
    {
        await using HostFixture fixture = new();
        fixture.Host.CreateVirtualMachine("Other", fixture.Host.DefaultConfigurationPath);

        Assert.That(() => fixture.Machine.Name = null!, Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => fixture.Machine.Name = string.Empty, Refusals.With(VirtualMachineError.ConfigurationWithoutName));
        Assert.That(() => fixture.Machine.Name = new string('n', 81), Refusals.With(VirtualMachineError.ConfigurationNameTooLong));
        Assert.That(() => fixture.Machine.Name = "a/b", Refusals.With(VirtualMachineError.ConfigurationNameInvalidCharacter));
        Assert.That(() => fixture.Machine.Name = "OTHER", Refusals.With(VirtualMachineError.ConfigurationDuplicateName));
        Assert.That(fixture.Machine.ConfigurationFile, Does.Exist);

        VirtualMachine machine = fixture.Machine;
        await fixture.StartAsync();
        Assert.That(() => machine.Name = "Good", Refusals.With(VirtualMachineError.SettingLockedWhileActive));
    }

    [TestCaseSource(typeof(DamagedFiles), nameof(DamagedFiles.All))]
    public async Task A_damaged_file_is_reported_by_name_and_hides_no_other(byte[] content)
    {
        using TestDirectory folder = new();
        string damaged;
        await using (HostFixture first = new(folder.FullPath))
        {
            damaged = first.Host.CreateVirtualMachine("Damaged", first.Host.DefaultConfigurationPath).ConfigurationFile;
        }

        await File.WriteAllBytesAsync(damaged, content);
        await using HostFixture second = new(folder.FullPath);

        Assert.That(second.Host.VirtualMachines.Select(machine => machine.Name), Is.EqualTo([VirtualMachineHost.FirstMachineName]));
        CatalogueProblem problem = second.Host.Problems.Single();
        Assert.That(problem.Name, Is.EqualTo("Damaged"));
        Assert.That(problem.File, Is.EqualTo(damaged));
        Assert.That(problem.Reason, Does.Contain(damaged));
        Assert.That(second.Host.FindVirtualMachine("Damaged"), Is.Null);
        Assert.That(second.Log.Entries.Count(entry => entry.Id == MachineEventIds.ConfigurationDamaged), Is.EqualTo(1));
        Assert.That(await File.ReadAllBytesAsync(damaged), Is.EqualTo(content), "a damaged file is left for repair");
    }

    [Test]
    public async Task A_file_that_is_damaged_and_repaired_while_in_use_is_the_same_machine_again()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        byte[] good = await File.ReadAllBytesAsync(machine.ConfigurationFile);

        await File.WriteAllTextAsync(machine.ConfigurationFile, "damaged");
        Assert.That(fixture.Host.VirtualMachines, Is.Empty);
        Assert.That(fixture.Host.Problems, Has.Count.EqualTo(1));
        Assert.That(() => machine.Notes, Refusals.With(VirtualMachineError.Unexpected));

        await File.WriteAllBytesAsync(machine.ConfigurationFile, good);
        Assert.That(fixture.Host.VirtualMachines.Single(), Is.SameAs(machine));
        Assert.That(fixture.Host.Problems, Is.Empty);
    }

    [Test]
    public async Task The_description_says_what_a_shell_shows()
    {
        await using HostFixture fixture = new();
        fixture.Machine.Notes = "a note";
        fixture.Machine.MemoryMegabytes = 1024;
        await fixture.StartAsync();
        await HostFixture.SucceedAsync(fixture.Machine.Save());

        byte[] content = await File.ReadAllBytesAsync(Path.ChangeExtension(fixture.Machine.ConfigurationFile, ".vmcx"));
        XmlValueDocument description = XmlValueDocument.Parse(content, "vm_description");

        Assert.That(content[..2], Is.EqualTo(Encoding.Unicode.GetPreamble()));
        Assert.That(Text("ram_size"), Is.EqualTo("1024 MB"));
        Assert.That(Text("vmstate"), Is.EqualTo("Hibernated"));
        Assert.That(Text("notes"), Is.EqualTo("a note"));
        Assert.That(Text("vmc_path"), Is.EqualTo(fixture.Machine.ConfigurationFile));
        Assert.That(Text("primary_disk1"), Is.Empty);
        Assert.That(Text("secondary_disk1"), Is.Empty);

        string Text(string key) => description.TryGetValue(key, out object? value) ? (string)value : "(missing)";
    }
}
