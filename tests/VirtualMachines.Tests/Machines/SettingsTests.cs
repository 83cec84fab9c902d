using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>A machine's settings and values: their ranges, defaults, stores and life.</summary>
[TestFixture]
internal sealed class SettingsTests
{
    [Test]
    public async Task The_first_start_ever_generates_the_identity_which_then_stays()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        string tag = machine.ChassisAssetTag;
        Assert.That(machine.BiosGuid, Is.Empty);

        FakeRunningMachine running = await fixture.StartAsync();

        Assert.That(machine.BiosGuid, Does.Match(@"^\{[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}\}$"));
        Assert.That(machine.BiosSerialNumber, Does.Match(@"^(\d{4}-){6}\d\d$"));
        Assert.That(machine.BaseBoardSerialNumber, Is.EqualTo(machine.BiosSerialNumber));
        Assert.That(machine.ChassisSerialNumber, Is.EqualTo(machine.BiosSerialNumber));
        Assert.That(machine.ChassisAssetTag, Is.EqualTo(tag));
        Assert.That(running.Start.Firmware.ChassisAssetTag, Is.EqualTo(tag));
        Assert.That(running.Start.Firmware.BiosGuid, Is.EqualTo(Guid.Parse(machine.BiosGuid)));
        Assert.That(running.Start.ConfigurationId, Is.EqualTo(machine.ConfigurationId));

        string serialNumber = machine.BiosSerialNumber;
        await HostFixture.SucceedAsync(machine.TurnOff());
        await fixture.StartAsync();
        Assert.That(machine.BiosSerialNumber, Is.EqualTo(serialNumber));
    }

    [Test]
    public async Task Settings_are_kept_over_a_restart_of_the_application()
    {
        using TestDirectory folder = new();
        await using (HostFixture first = new(folder.FullPath))
        {
            VirtualMachine machine = first.Machine;
            machine.Notes = "two\r\nlines";
            machine.MemoryMegabytes = 3712;
            machine.BiosGuid = "{5242d6d9-20f8-7442-b2e6-dfcffc45749a}";
            machine.BiosSerialNumber = new string('S', 32);
            machine.BaseBoardSerialNumber = "B 1";
            machine.ChassisSerialNumber = "C-1";
            machine.ChassisAssetTag = "T_1";
            machine.ShutdownActionOnQuit = ShutdownAction.TurnOff;
            machine.UndoAction = UndoAction.Commit;
            machine.Undoable = true;
        }

        await using HostFixture second = new(folder.FullPath);

        VirtualMachine again = second.Machine;
        Assert.That(again.Notes, Is.EqualTo("two\r\nlines"));
        Assert.That(again.MemoryMegabytes, Is.EqualTo(3712));
        Assert.That(again.BiosGuid, Is.EqualTo("{5242D6D9-20F8-7442-B2E6-DFCFFC45749A}"));
        Assert.That(again.BiosSerialNumber, Is.EqualTo(new string('S', 32)));
        Assert.That(again.BaseBoardSerialNumber, Is.EqualTo("B 1"));
        Assert.That(again.ChassisSerialNumber, Is.EqualTo("C-1"));
        Assert.That(again.ChassisAssetTag, Is.EqualTo("T_1"));
        Assert.That(again.ShutdownActionOnQuit, Is.EqualTo(ShutdownAction.TurnOff));
        Assert.That(again.UndoAction, Is.EqualTo(UndoAction.Commit));
        Assert.That(again.Undoable, Is.True);
    }

    private static IEnumerable<TestCaseData> BadSettings()
    {
        yield return Bad("memory below", machine => machine.MemoryMegabytes = 3);
        yield return Bad("memory above", machine => machine.MemoryMegabytes = 3713);
        yield return Bad("notes null", machine => machine.Notes = null!);
        yield return Bad("notes too long", machine => machine.Notes = new string('n', 65_537));
        yield return Bad("notes with a zero", machine => machine.Notes = "a\0b");
        yield return Bad("GUID empty", machine => machine.BiosGuid = string.Empty);
        yield return Bad("GUID without braces", machine => machine.BiosGuid = "5242d6d9-20f8-7442-b2e6-dfcffc45749a");
        yield return Bad("serial null", machine => machine.BiosSerialNumber = null!);
        yield return Bad("serial empty", machine => machine.BaseBoardSerialNumber = string.Empty);
        yield return Bad("serial too long", machine => machine.ChassisSerialNumber = new string('S', 33));
        yield return Bad("tag with a backslash", machine => machine.ChassisAssetTag = @"a\b");
        yield return Bad("tag not ASCII", machine => machine.ChassisAssetTag = "ä");
        yield return Bad("undo action", machine => machine.UndoAction = (UndoAction)3);
        yield return new TestCaseData(
            (Action<VirtualMachine>)(machine => machine.ShutdownActionOnQuit = (ShutdownAction)(-1)), VirtualMachineError.MissingArgument)
            .SetArgDisplayNames("shutdown action");

        static TestCaseData Bad(string what, Action<VirtualMachine> set) =>
            new TestCaseData(set, VirtualMachineError.InvalidArgument).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(BadSettings))]
    public async Task A_setting_out_of_its_range_is_refused_and_not_written(Action<VirtualMachine> set, VirtualMachineError error)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        byte[] before = await File.ReadAllBytesAsync(machine.ConfigurationFile);

        Assert.That(() => set(machine), Refusals.With(error));
        Assert.That(await File.ReadAllBytesAsync(machine.ConfigurationFile), Is.EqualTo(before));
    }

    [Test]
    public async Task The_longest_notes_are_kept()
    {
        await using HostFixture fixture = new();
        string notes = new('\u00e4', 65_536);

        fixture.Machine.Notes = notes;

        Assert.That(fixture.Machine.Notes, Is.EqualTo(notes));
    }

    [Test]
    public async Task What_is_set_only_while_off_is_refused_while_running_and_while_saved()
    {
        await using HostFixture fixture = new();
        await fixture.StartAsync();
        VirtualMachine machine = fixture.Machine;
        Check();
        await HostFixture.SucceedAsync(machine.Save());
        Check();

        void Check()
        {
            Assert.That(() => machine.MemoryMegabytes = 64, Refusals.With(VirtualMachineError.SettingLockedWhileActive));
            Assert.That(() => machine.Undoable = true, Refusals.With(VirtualMachineError.SettingLockedWhileActive));
            Assert.That(() => machine.ChassisAssetTag = "T", Refusals.With(VirtualMachineError.MachineRunningOrSaved));
            Assert.That(() => machine.BiosGuid = Guid.NewGuid().ToString("B"), Refusals.With(VirtualMachineError.MachineRunningOrSaved));
            machine.Notes = "free";
            machine.UndoAction = UndoAction.Keep;
        }
    }

    [Test]
    public async Task Configuration_values_are_written_read_removed_and_reported()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        List<(string, object?)> told = [];
        machine.ConfigurationChanged += (_, e) => told.Add((e.Key, e.Value));

        machine.ConfigurationValues.SetValue("customer/a[@id=\"1\"]/n", (short)5);
        Assert.That(machine.ConfigurationValues.GetValue("customer/a[@id=1]/n"), Is.EqualTo(5));
        machine.ConfigurationValues.RemoveValue("customer/a[@id=1]/n");
        await Wait.UntilAsync(machine.Parts.Context.Events.DrainAsync(), "the events");

        Assert.That(told, Is.EqualTo(new (string, object?)[] { ("customer/a[@id=1]/n", 5), ("customer/a[@id=1]/n", null) }));
        Assert.That(() => machine.ConfigurationValues.GetValue("customer/a[@id=1]/n"), Refusals.With(VirtualMachineError.ValueNotFound));
        Assert.That(() => machine.ConfigurationValues.RemoveValue("none"), Refusals.With(VirtualMachineError.ValueNotFound));
        Assert.That(() => machine.ConfigurationValues.GetValue(null), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => machine.ConfigurationValues.SetValue("a", null), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(() => machine.ConfigurationValues.SetValue("a", 1.5), Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public async Task Activation_values_exist_from_start_to_power_off_and_are_never_written_to_the_file()
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        Assert.That(() => machine.ActivationValues.GetValue("hardware/memory/ram_size"), Refusals.With(VirtualMachineError.ValueNotFound));
        Assert.That(() => machine.ActivationValues.SetValue("a", 1), Refusals.With(VirtualMachineError.ValueNotFound));

        await fixture.StartAsync();
        machine.ActivationValues.SetValue("customer/a", "running");
        machine.ConfigurationValues.SetValue("customer/a", "lasting");
        Assert.That(machine.ActivationValues.GetValue("hardware/memory/ram_size"), Is.EqualTo(512));
        Assert.That(machine.ActivationValues.GetValue("customer/a"), Is.EqualTo("running"));

        await HostFixture.SucceedAsync(machine.Reset());
        Assert.That(machine.ActivationValues.GetValue("customer/a"), Is.EqualTo("lasting"));
        await HostFixture.SucceedAsync(machine.TurnOff());
        Assert.That(() => machine.ActivationValues.GetValue("customer/a"), Refusals.With(VirtualMachineError.ValueNotFound));
    }

    [Test]
    public async Task A_provider_gets_a_copy_of_the_configuration_that_later_changes_do_not_touch()
    {
        await using HostFixture fixture = new();
        fixture.Machine.ConfigurationValues.SetValue("customer/a", 1);
        FakeRunningMachine running = await fixture.StartAsync();

        fixture.Machine.ConfigurationValues.SetValue("customer/a", 2);

        Assert.That(running.Start.Configuration.TryGetValue("customer/a", out object? value), Is.True);
        Assert.That(value, Is.EqualTo(1));
    }

    [TestCase("hardware/bios/chassis/asset_tag", @"a\b")]
    [TestCase("hardware/bios/bios_guid", "no GUID")]
    [TestCase("hardware/memory/ram_size", 1)]
    [TestCase("hardware/memory/ram_size", "lots")]
    [TestCase("settings/undo_drives/enabled", "yes")]
    public async Task A_value_that_was_written_unchecked_refuses_the_start_and_is_named(string key, object value)
    {
        await using HostFixture fixture = new();
        VirtualMachine machine = fixture.Machine;
        machine.ConfigurationValues.SetValue(key, value);

        Assert.That(
            () => machine.Startup(StartupOption.Normal),
            Throws.TypeOf<VirtualMachineException>()
                .With.Property(nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.IllegalValue).And.Message.Contains(key));
        Assert.That(machine.State, Is.EqualTo(MachineState.TurnedOff));
        Assert.That(fixture.Provider.Machines, Is.Empty);
    }
}
