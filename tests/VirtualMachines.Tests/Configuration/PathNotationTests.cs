using System.Text;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>Which element a step of a path names, among siblings of its name with and without ids.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class PathNotationTests
{
    private const string Floppies =
        "<preferences><hardware><super_io><floppy id=\"0\"><auto_detect type=\"boolean\">true</auto_detect></floppy>" +
        "<floppy><auto_detect type=\"boolean\">false</auto_detect></floppy></super_io></hardware></preferences>";

    private const string AutoDetect = "hardware/super_io/floppy/auto_detect";

    [Test]
    public void A_step_without_an_id_reads_and_writes_the_element_without_an_id()
    {
        XmlValueDocument document = Parse(Floppies);

        Assert.That(Read(document, AutoDetect), Is.False);
        document.Set(ValuePath.Parse(AutoDetect), value: "new");

        Assert.That(Text(document), Is.EqualTo(Floppies.Replace("\"boolean\">false<", "\"string\">new<", StringComparison.Ordinal)));
        Assert.That(Read(document, "hardware/super_io/floppy[@id=0]/auto_detect"), Is.True);
    }

    [Test]
    public void A_value_of_the_element_without_an_id_is_removed_and_its_namesake_s_stays()
    {
        XmlValueDocument document = Parse(Floppies);

        Assert.That(document.Remove(ValuePath.Parse(AutoDetect)), Is.True);
        Assert.That(document.Remove(ValuePath.Parse(AutoDetect)), Is.False);

        Assert.That(Read(document, "hardware/super_io/floppy[@id=0]/auto_detect"), Is.True);
        Assert.That(document.RemoveElement(ValuePath.Parse("hardware/super_io/floppy")), Is.True);
        Assert.That(document.RemoveElement(ValuePath.Parse("hardware/super_io/floppy")), Is.False);
        Assert.That(Text(document), Does.Contain("<floppy id=\"0\"><auto_detect type=\"boolean\">true</auto_detect></floppy></super_io>"));
    }

    // The text in the file, the path, the value that is read, and the file after "new" was set there.
    [TestCase("<a id='0'><v type='string'>0</v></a>", "a/v", null, "<a id='0'><v type='string'>0</v></a>\n\t<a>\n\t\t<v "
        + "type=\"string\">new</v>\n\t</a>\n")]
    [TestCase("<a id='0'/>", "a[@id=1]/v", null, "<a id='0'/>\n\t<a id=\"1\">\n\t\t<v type=\"string\">new</v>\n\t</a>\n")]
    [TestCase("<a/><a id='0'><v type='string'>0</v></a>", "a/v", null, "<a>\n\t\t<v type=\"string\">new</v>\n\t</a><a id='0'><v "
        + "type='string'>0</v></a>")]
    [TestCase("<a id='0'/><a><v type='string'>no id</v></a>", "a/v", "no id", "<a id='0'/><a><v type='string'>new</v></a>")]
    [TestCase("<a><v type='string'>no id</v></a><a id='0'/>", "a[@id=0]/v", null, "<a><v type='string'>no id</v></a><a id='0'>\n\t\t<v "
        + "type=\"string\">new</v>\n\t</a>")]
    [TestCase("<a id=''><v type='string'>empty</v></a>", "a/v", null, "<a id=''><v type='string'>empty</v></a>\n\t<a>\n\t\t<v "
        + "type=\"string\">new</v>\n\t</a>\n")]
    [TestCase("<v id='0' type='string'>0</v>", "v", null, "<v id='0' type='string'>0</v>\n\t<v type=\"string\">new</v>\n")]
    [TestCase("<v type='string'>no id</v>", "v[@id=0]", null, "<v type='string'>no id</v>\n\t<v id=\"0\" type=\"string\">new</v>\n")]
    [TestCase("<a/><a><v type='string'>second</v></a>", "a/v", "second", "<a/><a><v type='string'>new</v></a>")]
    [TestCase("<v type='string'>1</v><v type='string'>2</v>", "v", "1", "<v type='string'>new</v><v type='string'>2</v>")]
    [TestCase("<v><w/></v><v type='string'>leaf</v>", "v", "leaf", "<v><w/></v><v type='string'>new</v>")]
    [TestCase("<a type='string'>value</a><a/>", "a/v", null, "<a type='string'>value</a><a>\n\t\t<v type=\"string\">new</v>\n\t</a>")]
    public void Every_mixture_of_siblings_has_one_meaning(string content, string path, string? read, string written)
    {
        XmlValueDocument document = Parse($"<preferences>{content}</preferences>");

        Assert.That(Read(document, path), Is.EqualTo(read));
        document.Set(ValuePath.Parse(path), "new");

        Assert.That(Text(document), Is.EqualTo($"<preferences>{written}</preferences>"));
        Assert.That(Read(document, path), Is.EqualTo("new"), "what was written is read");
    }

    [Test]
    public void Duplicate_values_are_removed_together()
    {
        XmlValueDocument document = Parse(
            "<preferences><a><v type='string'>1</v></a><a><v type='string'>2</v><v type='string'>3</v></a></preferences>");

        Assert.That(document.Remove(ValuePath.Parse("a/v")), Is.True);

        Assert.That(Text(document), Is.EqualTo("<preferences><a></a><a></a></preferences>"));
    }

    [Test]
    public void The_ids_of_an_element_are_those_of_all_its_namesakes_that_have_one()
    {
        XmlValueDocument document = Parse("<preferences><p><c id='1'/><c/></p><p id='0'><c id='7'/></p><p><c id='0'/></p></preferences>");

        Assert.That(string.Join(',', document.ReadIds(ValuePath.Parse("p/c"))), Is.EqualTo("1,0"));
        Assert.That(document.ReadIds(ValuePath.Parse("p[@id=0]/c")).Single(), Is.EqualTo("7"));
    }

    [Test]
    public void An_element_whose_last_value_was_removed_is_no_value_itself()
    {
        XmlValueDocument document = Parse(
            "<preferences>\n\t<memory>\n\t\t<ram_size type='integer'>1</ram_size>\n\t</memory>\n</preferences>");

        document.Remove(ValuePath.Parse("memory/ram_size"));

        Assert.That(document.TryGetValue("memory", out _), Is.False);
    }

    private static XmlValueDocument Parse(string text) => XmlValueDocument.Parse(Encoding.UTF8.GetBytes(text), "preferences");

    private static string Text(XmlValueDocument document) => Encoding.UTF8.GetString(document.ToBytes());

    private static object? Read(XmlValueDocument document, string key) => document.TryGetValue(key, out object? value) ? value : null;
}
