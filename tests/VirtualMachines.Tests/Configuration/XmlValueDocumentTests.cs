using System.Text;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>Reading, changing and writing the files of values.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class XmlValueDocumentTests
{
    private const string Sample =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n" +
        "<!-- Microsoft Virtual Machine Options and Settings -->\r\n" +
        "<preferences>\r\n" +
        "\t<version type=\"string\">2.0</version>\r\n" +
        "\t<!-- kept -->\r\n" +
        "\t<unknown zebra=\"1\" apple='2'><deep/></unknown>\r\n" +
        "\t<hardware>\r\n" +
        "\t\t<memory>\r\n" +
        "\t\t\t<ram_size type=\"integer\">512</ram_size>\r\n" +
        "\t\t</memory>\r\n" +
        "\t\t<ide_controller id=\"1\">\r\n" +
        "\t\t\t<absolute type=\"string\">D</absolute>\r\n" +
        "\t\t</ide_controller>\r\n" +
        "\t\t<ide_controller id=\"0\">\r\n" +
        "\t\t\t<absolute type=\"string\" />\r\n" +
        "\t\t</ide_controller>\r\n" +
        "\t\t<cmos type=\"bytes\">00FF10</cmos>\r\n" +
        "\t\t<sync type=\"boolean\">true</sync>\r\n" +
        "\t</hardware>\r\n" +
        "</preferences>\r\n";

    [Test]
    public void Every_type_of_leaf_is_read()
    {
        XmlValueDocument document = Utf16(Sample);

        Assert.That(Value(document, "hardware/memory/ram_size"), Is.EqualTo(512));
        Assert.That(Value(document, "version"), Is.EqualTo("2.0"));
        Assert.That(Value(document, "hardware/sync"), Is.True);
        Assert.That(Value(document, "hardware/cmos"), Is.EqualTo(new byte[] { 0, 0xFF, 0x10 }));
        Assert.That(Value(document, "hardware/ide_controller[@id=1]/absolute"), Is.EqualTo("D"));
        Assert.That(Value(document, "hardware/ide_controller[@id=0]/absolute"), Is.Empty);
    }

    [TestCase("hardware")]
    [TestCase("hardware/memory/none")]
    [TestCase("hardware/ide_controller[@id=2]/absolute")]
    [TestCase("unknown/deep")]
    [TestCase("preferences/version")]
    [TestCase("hardware/ide_controller/absolute")]
    public void What_is_no_leaf_is_no_value(string key) => Assert.That(Utf16(Sample).TryGetValue(key, out _), Is.False);

    [Test]
    public void A_file_that_nobody_changed_is_rewritten_byte_for_byte()
    {
        byte[] content = Utf16Bytes(Sample);

        Assert.That(XmlValueDocument.Parse(content, "preferences").ToBytes(), Is.EqualTo(content));
    }

    [Test]
    public void Unknown_elements_attributes_comments_and_their_order_survive_a_change()
    {
        XmlValueDocument document = Utf16(Sample);

        document.Set(ValuePath.Parse("hardware/memory/ram_size"), 1024);
        document.Set(ValuePath.Parse("customer/key[@id=7]/value"), "new");
        string text = Text(document);

        Assert.That(text, Does.Contain("<!-- kept -->\r\n\t<unknown zebra=\"1\" apple='2'><deep/></unknown>"));
        Assert.That(text, Does.Contain("<ram_size type=\"integer\">1024</ram_size>"));
        Assert.That(
            text,
            Does.Contain("\r\n\t<customer>\r\n\t\t<key id=\"7\">\r\n\t\t\t<value "
                + "type=\"string\">new</value>\r\n\t\t</key>\r\n\t</customer>\r\n</preferences>"));
    }

    [Test]
    public void Line_ends_and_signs_in_a_text_survive()
    {
        const string Notes = "a\r\nb\nc\rd \t <&>\"' \u00e4 \ud83d\ude00";
        XmlValueDocument document = Utf16(Sample);

        document.Set(ValuePath.Parse("notes"), Notes);

        Assert.That(Value(XmlValueDocument.Parse(document.ToBytes(), "preferences"), "notes"), Is.EqualTo(Notes));
    }

    [Test]
    public void A_file_keeps_its_encoding_whatever_its_declaration_says()
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><preferences><a type=\"string\">ä</a></preferences>");

        XmlValueDocument document = XmlValueDocument.Parse(utf8, "preferences");
        string rewritten = Encoding.UTF8.GetString(document.ToBytes());

        Assert.That(Value(document, "a"), Is.EqualTo("ä"));
        Assert.That(rewritten, Does.StartWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
        Assert.That(rewritten, Does.Contain("ä"));
    }

    private static IEnumerable<TestCaseData> Integers() =>
    [
        new((sbyte)-5, -5), new((byte)5, 5), new((short)-300, -300), new((ushort)65535, 65535), new(7, 7), new(
            3_000_000_000u, unchecked((int)3_000_000_000u)),
        new(4_294_968L, 4_294_968), new(uint.MaxValue, -1), new((long)int.MinValue, int.MinValue), new(8UL, 8),
    ];

    [TestCaseSource(nameof(Integers))]
    public void Every_integer_that_fits_32_bits_is_kept_with_its_bits(object value, int read)
    {
        XmlValueDocument document = Utf16(Sample);

        document.Set(ValuePath.Parse("n"), value);

        Assert.That(Value(XmlValueDocument.Parse(document.ToBytes(), "preferences"), "n"), Is.EqualTo(read));
    }

    private static IEnumerable<object?> Unkeepable() =>
        [null, 1.5, 5_000_000_000L, -3_000_000_000L, ulong.MaxValue, 'c', DateTime.UnixEpoch, "a\0b", "\uD800"];

    [TestCaseSource(nameof(Unkeepable))]
    public void A_value_that_no_file_can_keep_is_refused_and_nothing_changes(object? value)
    {
        XmlValueDocument document = Utf16(Sample);
        byte[] before = document.ToBytes();

        Assert.That(() => document.Set(ValuePath.Parse("hardware/x/y"), value), Refusals.With(VirtualMachineError.InvalidArgument));
        Assert.That(document.ToBytes(), Is.EqualTo(before));
    }

    [TestCase("hardware")]
    [TestCase("hardware/memory/ram_size/below")]
    public void A_path_that_is_no_leafs_is_refused(string key) =>
        Assert.That(() => Utf16(Sample).Set(ValuePath.Parse(key), 1), Refusals.With(VirtualMachineError.InvalidArgument));

    [Test]
    public void A_removed_value_is_deleted_and_its_siblings_stay()
    {
        XmlValueDocument document = Utf16(Sample);

        Assert.That(document.Remove(ValuePath.Parse("hardware/sync")), Is.True);
        Assert.That(document.Remove(ValuePath.Parse("hardware/sync")), Is.False);
        Assert.That(document.Remove(ValuePath.Parse("hardware/memory")), Is.False);
        Assert.That(Text(document), Does.Contain("<cmos type=\"bytes\">00FF10</cmos>\r\n\t</hardware>"));
    }

    [Test]
    public void A_clone_shares_nothing()
    {
        XmlValueDocument document = Utf16(Sample);

        document.Clone().Set(ValuePath.Parse("version"), "3.0");

        Assert.That(Value(document, "version"), Is.EqualTo("2.0"));
    }

    [TestCase("integer", "many")]
    [TestCase("integer", "99999999999999999999")]
    [TestCase("boolean", "perhaps")]
    [TestCase("bytes", "0F0")]
    public void A_leaf_that_does_not_fit_its_type_is_the_text_that_it_is(string type, string text) =>
        Assert.That(Value(Utf16($"<preferences><a type=\"{type}\">{text}</a></preferences>"), "a"), Is.EqualTo(text));

    private static XmlValueDocument Utf16(string text) => XmlValueDocument.Parse(Utf16Bytes(text), "preferences");

    private static byte[] Utf16Bytes(string text) => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)];

    private static string Text(XmlValueDocument document) => Encoding.Unicode.GetString(document.ToBytes());

    private static object Value(XmlValueDocument document, string key)
    {
        Assert.That(document.TryGetValue(key, out object? value), Is.True, key);
        return value!;
    }
}
