using VpcComApi.TestSupport.MachineFiles;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>
/// Machine files in the forms of public ones: the machine has the values in the file, and a change of a value changes nothing else.
/// </summary>
[TestFixture]
internal sealed class RealMachineFileTests
{
    private const string Pipe = "real-machine-file";

    private HostFixture fixture = null!;

    private static IEnumerable<MachineFileShape> Shapes => MachineFileShapes.All(Pipe);

    [SetUp]
    public void Open_the_host() => fixture = new HostFixture();

    [TearDown]
    public async Task Close_the_host() => await fixture.DisposeAsync();

    [Test]
    public void There_are_ten_shapes_with_names_of_their_own() =>
        Assert.That(Shapes.Select(shape => shape.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count(), Is.EqualTo(10));

    [TestCaseSource(nameof(Shapes))]
    public void A_machine_is_what_its_file_says(MachineFileShape shape)
    {
        VirtualMachine machine = Register(shape);
        string folder = Path.GetDirectoryName(machine.ConfigurationFile)!;

        Assert.That(machine.MemoryMegabytes, Is.EqualTo(shape.Memory));
        Assert.That(machine.NetworkCards, Has.Count.EqualTo(shape.NetworkCards));
        Assert.That((int)machine.SerialPorts[0].Settings.Type, Is.EqualTo(shape.SerialPortType));
        Assert.That(
            machine.SerialPorts[0].Settings.Name,
            Is.EqualTo(shape.SerialPortType == 1 ? Path.GetFullPath(shape.SerialPortName, folder) : shape.SerialPortName));
        Assert.That(machine.DvdDrives, Has.Count.EqualTo(1));
        Assert.That(machine.HardDiskConnections, Is.Empty);
        if (shape.ConfigurationId is { } id)
        {
            Assert.That(machine.ConfigurationId, Is.EqualTo(id));
        }
    }

    [TestCaseSource(nameof(Shapes))]
    public void Registering_a_file_changes_nothing_but_adds_the_id_or_the_tag_that_it_lacks(MachineFileShape shape)
    {
        VirtualMachine machine = Register(shape);

        string before = MachineFileValue.TextOf(shape.Content);
        string after = MachineFileValue.TextOf(File.ReadAllBytes(machine.ConfigurationFile));
        bool hasTag = MachineFileValue.ReadAll(shape.Content).Any(value => value.Key == "hardware/bios/chassis/asset_tag");
        if (shape.ConfigurationId is not null && hasTag)
        {
            Assert.That(File.ReadAllBytes(machine.ConfigurationFile), Is.EqualTo(shape.Content));
            return;
        }

        // Nothing was removed, and only the elements of two values and their parents were added.
        int position = 0;
        foreach (char character in before)
        {
            position = after.IndexOf(character, position) + 1;
            Assert.That(position, Is.GreaterThan(0), "the file holds what it held");
        }

        string[] old = [.. MachineFileValue.ReadAll(shape.Content).Select(value => value.ToString())];
        MachineFileValue[] now = [.. MachineFileValue.ReadAll(File.ReadAllBytes(machine.ConfigurationFile))];
        Assert.That(now.Select(value => value.ToString()).Intersect(old), Is.EqualTo(old));
        Assert.That(
            now.Where(value => !old.Contains(value.ToString())).Select(value => value.Key),
            Is.SubsetOf(["hardware/bios/chassis/asset_tag", "settings/globalconfigid"]));
    }

    [TestCaseSource(nameof(Shapes))]
    public void Every_value_is_read_changed_and_written_back_and_no_other_byte_changes(MachineFileShape shape)
    {
        VirtualMachine machine = Register(shape);
        byte[] content = File.ReadAllBytes(machine.ConfigurationFile);
        IReadOnlyList<MachineFileValue> all = MachineFileValue.ReadAll(content);
        Assert.That(all, Has.Count.GreaterThan(5));
        Assert.Multiple(() =>
        {
            foreach (MachineFileValue value in all)
            {
                IValueStore values = machine.ConfigurationValues;
                Assert.That(values.GetValue(value.Key), Is.EqualTo(value.Value), value.ToString());

                values.SetValue(value.Key, value.OtherValue);
                Assert.That(values.GetValue(value.Key), Is.EqualTo(value.OtherValue), value.ToString());
                Assert.That(
                    Changed(File.ReadAllBytes(machine.ConfigurationFile)),
                    Is.EqualTo(Changed(value.Replace(content, value.OtherText))),
                    value.ToString());

                values.SetValue(value.Key, value.Value);
                Assert.That(Changed(File.ReadAllBytes(machine.ConfigurationFile)), Is.EqualTo(Changed(content)), value.ToString());
            }
        });

        // As text, because a difference is to be seen at a glance; Latin-1 has a character for each byte.
        static string Changed(byte[] file) => System.Text.Encoding.Latin1.GetString(file);
    }

    [TestCaseSource(nameof(Shapes))]
    public async Task A_machine_of_each_shape_starts_with_its_cards(MachineFileShape shape)
    {
        VirtualMachine machine = Register(shape);

        await HostFixture.SucceedAsync(machine.Startup(StartupOption.Normal));

        Assert.That(fixture.Provider.Last.Start.MemoryMegabytes, Is.EqualTo(shape.Memory));
        Assert.That(fixture.Provider.Last.Start.NetworkCards, Has.Count.EqualTo(shape.NetworkCards));
        await HostFixture.SucceedAsync(machine.TurnOff());
    }

    private VirtualMachine Register(MachineFileShape shape)
    {
        string folder = Directory.CreateDirectory(Path.Combine(fixture.Folder, "shapes")).FullName;
        string path = Path.Combine(folder, shape.Name + ".vmc");
        File.WriteAllBytes(path, shape.Content);
        return fixture.Host.RegisterVirtualMachine(null, path);
    }
}
