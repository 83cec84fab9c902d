using System.Text;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>
/// A change of one value changes the bytes of that value and no others, however a person or another program has written the file.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class UnchangedBytesTests
{
    private const string HandMade =
        "<?xml version='1.0'   encoding='utf-8' standalone=\"yes\"?>\n<!-- mine -->\r\n\n<?keep this?>\n" +
        "<preferences  >\n  <!-- <ram_size>no</ram_size> -->\n  <hardware><memory>\r\n" +
        "    <ram_size\n       type='integer' note = \"a > b\" >512</ram_size ></memory></hardware>\n" +
        "  <empty type=\"string\"/><open type='string'></open>\n\t  <text type=\"string\">a &amp; b &#228; &#x41; <![CDATA[<c> & "
            + "d]]></text>\n" +
        "  <commented type=\"integer\"><!-- was 3 -->4<!-- not 5 --></commented>\n" +
        "  <list><item id='1' type=\"string\">one</item>\n\n      <item id='2' type=\"string\">two</item></list>\n" +
        "</preferences>\n<!-- end -->\n\n";

    [TestCase("hardware/memory/ram_size", 1024, ">512<", ">1024<")]
    [TestCase("empty", "full", "<empty type=\"string\"/>", "<empty type=\"string\">full</empty>")]
    [TestCase("open", "full", "<open type='string'></open>", "<open type='string'>full</open>")]
    [TestCase("text", "a < b", "a &amp; b &#228; &#x41; <![CDATA[<c> & d]]>", "a &lt; b")]
    [TestCase("text", "", ">a &amp; b &#228; &#x41; <![CDATA[<c> & d]]></text>", "/>")]
    [TestCase("commented", 6, "-->4<!--", "-->6<!--")]
    [TestCase("commented", "six", "type=\"integer\"><!-- was 3 -->4", "type=\"string\"><!-- was 3 -->six")]
    [TestCase("list/item[@id=2]", "2", ">two<", ">2<")]
    public void A_change_is_in_its_own_place_alone(string key, object value, string before, string after)
    {
        XmlValueDocument document = Parse(HandMade);

        document.Set(ValuePath.Parse(key), value);

        Assert.That(Text(document), Is.EqualTo(HandMade.Replace(before, after, StringComparison.Ordinal)));
        Assert.That(Read(Parse(Text(document)), key), Is.EqualTo(value), "read again");
    }

    [Test]
    public void The_texts_of_a_hand_written_file_mean_what_XML_says()
    {
        XmlValueDocument document = Parse(HandMade);

        Assert.That(Read(document, "text"), Is.EqualTo("a & b \u00e4 A <c> & d"));
        Assert.That(Read(document, "commented"), Is.EqualTo(4));
        Assert.That(Read(document, "open"), Is.Empty);
    }

    [TestCase("hardware/memory/ram_size", 512)]
    [TestCase("empty", "")]
    [TestCase("open", "")]
    [TestCase("text", "a & b \u00e4 A <c> & d")]
    public void Setting_what_is_there_changes_nothing(string key, object value)
    {
        XmlValueDocument document = Parse(HandMade);

        document.Set(ValuePath.Parse(key), value);

        Assert.That(Text(document), Is.EqualTo(HandMade));
    }

    [Test]
    public void A_new_value_is_written_on_a_line_of_its_own_in_the_file_s_indentation()
    {
        XmlValueDocument document = Parse(HandMade);

        document.Set(ValuePath.Parse("list/item[@id=3]"), "three");

        Assert.That(
            Text(document),
            Is.EqualTo(HandMade.Replace("two</item></list>", "two</item>\n      <item id=\"3\" type=\"string\">three</item>\n  "
                + "</list>", StringComparison.Ordinal)));
    }

    [TestCase("list/item[@id=1]")]
    [TestCase("text")]
    public void A_value_that_is_made_and_removed_again_leaves_no_trace(string key)
    {
        XmlValueDocument document = Parse(HandMade);
        document.Set(ValuePath.Parse("list/made"), 1);
        string made = Text(document);
        Assert.That(document.Remove(ValuePath.Parse("list/made")), Is.True);
        document.Set(ValuePath.Parse("list/made"), 1);

        Assert.That(Text(document), Is.EqualTo(made));
        Assert.That(document.Remove(ValuePath.Parse(key)), Is.True);
        Assert.That(document.TryGetValue(key, out _), Is.False);
    }

    [Test]
    public void A_file_without_a_byte_order_mark_or_declaration_gets_none()
    {
        const string Bare = "<preferences><a type=\"string\">1</a></preferences>";
        foreach (Encoding encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode, new UTF8Encoding(false)])
        {
            byte[] content = encoding.GetBytes(Bare);

            Assert.That(XmlValueDocument.Parse(content, "preferences").ToBytes(), Is.EqualTo(content), encoding.WebName);
        }
    }

    private static XmlValueDocument Parse(string text) => XmlValueDocument.Parse(Encoding.UTF8.GetBytes(text), "preferences");

    private static string Text(XmlValueDocument document) => Encoding.UTF8.GetString(document.ToBytes());

    private static object? Read(XmlValueDocument document, string key) => document.TryGetValue(key, out object? value) ? value : null;
}
