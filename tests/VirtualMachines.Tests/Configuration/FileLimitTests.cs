using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>
/// What is written can be read: a change that would take a file past its reader's limits is refused before anything is written.
/// </summary>
[TestFixture]
internal sealed class FileLimitTests
{
    private const int TooManyCharacters = 2_200_000;

    [Test]
    public async Task A_value_that_no_reader_would_take_is_refused_and_the_machine_stays()
    {
        using TestDirectory folder = new();
        await using (HostFixture fixture = new(folder.FullPath))
        {
            VirtualMachine machine = fixture.Machine;
            byte[] before = await File.ReadAllBytesAsync(machine.ConfigurationFile);

            Assert.That(
                () => machine.ConfigurationValues.SetValue("customer/text", new string('x', TooManyCharacters)),
                Refusals.With(VirtualMachineError.InvalidArgument));

            Assert.That(await File.ReadAllBytesAsync(machine.ConfigurationFile), Is.EqualTo(before));
            machine.ConfigurationValues.SetValue("customer/text", new string('x', 1_000_000));
        }

        await using HostFixture second = new(folder.FullPath);
        Assert.That(second.Host.Problems, Is.Empty);
        Assert.That(second.Machine.ConfigurationValues.GetValue("customer/text"), Has.Length.EqualTo(1_000_000));
    }

    [Test]
    public async Task Preferences_that_no_reader_would_take_are_refused_and_the_old_ones_stay()
    {
        using TestDirectory folder = new();
        await using (HostFixture fixture = new(folder.FullPath))
        {
            fixture.Host.Preferences.SetValue("idle_timeout", 77);
            Assert.That(
                () => fixture.Host.Preferences.SetValue("customer/text", new string('x', TooManyCharacters)),
                Refusals.With(VirtualMachineError.InvalidArgument));
        }

        await using HostFixture second = new(folder.FullPath);
        Assert.That(second.Host.Preferences.GetValue("idle_timeout"), Is.EqualTo(77));
        Assert.That(folder.PathOf("Options.xml.damaged"), Does.Not.Exist);
    }

    [TestCase("utf-8", 4_300_000, 4_000_000)]
    [TestCase("utf-16", 2_150_000, 2_000_000)]
    public void The_limit_is_that_of_the_files_encoding(string encoding, int tooMany, int enough)
    {
        XmlValueDocument document = Parse("<preferences/>", Encoding.GetEncoding(encoding));
        document.Set(ValuePath.Parse("text"), new string('x', tooMany));
        Assert.That(document.ToBytes, Throws.TypeOf<InvalidDataException>().With.Message.Contains("bytes"));

        document.Set(ValuePath.Parse("text"), new string('x', enough));
        Assert.That(XmlValueDocument.Parse(document.ToBytes(), "preferences").TryGetValue("text", out object? value), Is.True);
        Assert.That(value, Has.Length.EqualTo(enough));
    }

    [Test]
    public void Characters_count_as_they_are_written()
    {
        XmlValueDocument document = Parse("<preferences/>", Encoding.UTF8);
        document.Set(ValuePath.Parse("text"), new string('&', 1_000_000));

        Assert.That(document.ToBytes, Throws.TypeOf<InvalidDataException>().With.Message.Contains("bytes"));
    }

    [Test]
    public void More_nodes_than_are_read_are_not_written()
    {
        string many = string.Concat(Enumerable.Range(0, 24_998).Select(i => $"<v id=\"{i}\">1</v>"));
        XmlValueDocument document = Parse($"<preferences>{many}</preferences>", Encoding.UTF8);
        Assert.That(document.ToBytes, Throws.Nothing);

        for (int i = 0; i < 10; i++)
        {
            document.Set(ValuePath.Parse($"more[@id={i}]"), i);
        }

        Assert.That(document.ToBytes, Throws.TypeOf<InvalidDataException>().With.Message.Contains("nodes"));
    }

    [Test]
    public void Deeper_elements_than_are_read_are_not_written()
    {
        string deep = string.Concat(Enumerable.Repeat("<d>", 31)) + string.Concat(Enumerable.Repeat("</d>", 31));
        for (int depth = 1; depth <= ValuePath.MaximumSteps; depth++)
        {
            XmlValueDocument document = Parse($"<preferences>{deep}</preferences>", Encoding.UTF8);
            document.Set(ValuePath.Parse(string.Join('/', Enumerable.Repeat("d", depth - 1).Append("leaf"))), 1);
            Assert.That(() => XmlValueDocument.Parse(document.ToBytes(), "preferences"), Throws.Nothing);
        }
    }

    private static XmlValueDocument Parse(string text, Encoding encoding) =>
        XmlValueDocument.Parse([.. encoding.GetPreamble(), .. encoding.GetBytes(text)], "preferences");
}
