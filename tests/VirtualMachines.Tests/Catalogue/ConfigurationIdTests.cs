using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Catalogue;

/// <summary>The unique id of a machine: that of a real file is kept, and no two machines share one.</summary>
[TestFixture]
internal sealed class ConfigurationIdTests
{
    private const string Key = "settings/globalconfigid";
    private const string OwnKey = "integration/vpccomapi/configuration_id";
    private const string Id = "{8C6ADF71-FE94-40A8-98DF-9EF0B37407D7}";
    private const string OtherId = "{11111111-2222-3333-4444-555555555555}";

    private HostFixture fixture = null!;

    [SetUp]
    public void Open_the_host() => fixture = new HostFixture();

    [TearDown]
    public async Task Close_the_host() => await fixture.DisposeAsync();

    [TestCase("string", Id)]
    [TestCase("string", "8c6adf71-fe94-40a8-98df-9ef0b37407d7")]
    [TestCase("string", "8C6ADF71FE9440A898DF9EF0B37407D7")]
    [TestCase("bytes", "8C6ADF71FE9440A898DF9EF0B37407D7")]
    public void The_id_of_a_real_file_is_the_machine_s_and_the_file_stays_as_it_is(string type, string text)
    {
        string path = Write("Real", $"<globalconfigid type=\"{type}\">{text}</globalconfigid>");
        byte[] before = File.ReadAllBytes(path);

        VirtualMachine machine = fixture.Host.RegisterVirtualMachine(null, path);

        Assert.That(machine.ConfigurationId, Is.EqualTo(new Guid(Id)));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
    }

    [TestCase("<globalconfigid type=\"string\">none</globalconfigid>")]
    [TestCase("<globalconfigid type=\"bytes\">0102</globalconfigid>")]
    [TestCase("<globalconfigid type=\"integer\">7</globalconfigid>")]
    [TestCase("<globalconfigid type=\"string\">{00000000-0000-0000-0000-000000000000}</globalconfigid>")]
    public void What_is_no_id_stays_in_the_file_and_the_machine_gets_one_in_a_place_of_ours(string element)
    {
        string path = Write("Odd", element);

        VirtualMachine machine = fixture.Host.RegisterVirtualMachine(null, path);

        Assert.That(machine.ConfigurationId, Is.Not.EqualTo(Guid.Empty));
        Assert.That(File.ReadAllText(path), Does.Contain(element));
        Assert.That(machine.ConfigurationValues.GetValue(OwnKey), Is.EqualTo(machine.ConfigurationId.ToString("B").ToUpperInvariant()));
    }

    [TestCase("")]
    [TestCase("<globalconfigid type=\"string\" />")]
    public void A_file_without_an_id_gets_one_where_real_files_have_it(string element)
    {
        string path = Write("Without", element);

        VirtualMachine machine = fixture.Host.RegisterVirtualMachine(null, path);

        Assert.That(machine.ConfigurationValues.GetValue(Key), Is.EqualTo(machine.ConfigurationId.ToString("B").ToUpperInvariant()));
        Assert.That(() => machine.ConfigurationValues.GetValue(OwnKey), Refusals.With(VirtualMachineError.ValueNotFound));
    }

    [Test]
    public void A_file_that_an_earlier_version_registered_keeps_the_id_by_which_callers_and_saved_states_know_it()
    {
        string path = Write(
            "Earlier",
            $"<globalconfigid type=\"string\">{OtherId}</globalconfigid>",
            $"<configuration_id type=\"string\">{Id}</configuration_id>");
        byte[] before = File.ReadAllBytes(path);

        Assert.That(fixture.Host.RegisterVirtualMachine(null, path).ConfigurationId, Is.EqualTo(new Guid(Id)));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
    }

    [TestCase("<globalconfigid type=\"string\">" + Id + "</globalconfigid>", "")]
    [TestCase("<globalconfigid type=\"bytes\">8C6ADF71FE9440A898DF9EF0B37407D7</globalconfigid>", "")]
    [TestCase("", "<configuration_id type=\"string\">" + Id + "</configuration_id>")]
    [TestCase("<globalconfigid type=\"string\">" + OtherId + "</globalconfigid>", "<configuration_id "
        + "type=\"string\">" + Id + "</configuration_id>")]
    public async Task A_copied_file_gets_an_id_of_its_own_which_it_keeps(string settings, string own)
    {
        VirtualMachine machine = fixture.Host.RegisterVirtualMachine(null, Write("First", settings, own));
        string copy = Path.Combine(fixture.Folder, "Copy.vmc");
        File.Copy(machine.ConfigurationFile, copy);

        VirtualMachine copied = fixture.Host.RegisterVirtualMachine(null, copy);

        Assert.That(machine.ConfigurationId, Is.EqualTo(new Guid(Id)));
        Assert.That(copied.ConfigurationId, Is.Not.EqualTo(machine.ConfigurationId).And.Not.EqualTo(Guid.Empty));
        Assert.That(copied.ChassisAssetTag, Is.Not.EqualTo(machine.ChassisAssetTag));
        await using HostFixture later = new(fixture.Folder);
        Assert.That(later.Host.FindVirtualMachine("First")!.ConfigurationId, Is.EqualTo(machine.ConfigurationId));
        Assert.That(later.Host.FindVirtualMachine("Copy")!.ConfigurationId, Is.EqualTo(copied.ConfigurationId));
    }

    [Test]
    public void A_new_machine_has_its_id_where_real_files_have_it() =>
        Assert.That(
            fixture.Machine.ConfigurationValues.GetValue(Key), Is.EqualTo(
                fixture.Machine.ConfigurationId.ToString("B").ToUpperInvariant()));

    private string Write(string name, string settings, string own = "")
    {
        string path = Path.Combine(fixture.Folder, name + ".vmc");
        File.WriteAllText(
            path,
            "<preferences><hardware><memory><ram_size type=\"integer\">64</ram_size></memory><bios><chassis><asset_tag "
                + "type=\"string\">T-" + name
                + $"</asset_tag></chassis></bios></hardware><integration><vpccomapi>{own}</vpccomapi></integration>"
                + $"<settings>{settings}</settings></preferences>");
        return path;
    }
}
