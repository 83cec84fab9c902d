using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace VpcComApi.TestSupport.MachineFiles;

/// <summary>A value of a machine file, found by .NET's own reader: its key, its value, and its position.</summary>
public sealed class MachineFileValue
{
    private readonly int start;

    private MachineFileValue(string key, string type, string text, int start)
    {
        Key = key;
        Type = type;
        Text = text;
        this.start = start;
    }

    /// <summary>Its key, without the root element.</summary>
    public string Key { get; }

    /// <summary>Its type, as the file names it.</summary>
    public string Type { get; }

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>The value that a reader of the file gets.</summary>
    public object Value => ValueOf(Text);

    /// <summary>A text that the type allows and that is another one.</summary>
    public string OtherText => Type switch
    {
        "integer" => (int.Parse(Text, CultureInfo.InvariantCulture) ^ 1).ToString(CultureInfo.InvariantCulture),
        "boolean" => Text == "true" ? "false" : "true",
        "bytes" => Text + "AB",
        _ => Text + " \u00e9 <&>\n2",
    };

    /// <summary>The value of <see cref="OtherText"/>.</summary>
    public object OtherValue => ValueOf(OtherText);

    /// <summary>All values of a file, in its order.</summary>
    /// <param name="content">The file.</param>
    public static IReadOnlyList<MachineFileValue> ReadAll(byte[] content)
    {
        string file = Decode(content).Text;
        XDocument document = XDocument.Parse(file, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace);
        return
        [
            .. document.Root!.Descendants()
                .Where(element => !element.HasElements && element.Attribute("type") is not null)
                .Select(
                    element =>
                        new MachineFileValue(KeyOf(element), (string)element.Attribute("type")!, element.Value, StartOf(element, file))),
        ];
    }

    /// <summary>The file with another text for this value, and not one other byte changed.</summary>
    /// <param name="content">The file that the value is of.</param>
    /// <param name="text">The text.</param>
    public byte[] Replace(byte[] content, string text)
    {
        (string file, Encoding encoding, int mark) = Decode(content);
        int tagEnd = file.IndexOf('>', start) + 1;
        bool isEmpty = file[tagEnd - 2] == '/';
        string name = file[(start + 1)..file.IndexOfAny([' ', '\t', '\r', '\n'], start)];
        string tag = isEmpty ? file[start..(tagEnd - 2)].TrimEnd() + ">" : file[start..tagEnd];
        int end = isEmpty ? tagEnd : file.IndexOf('>', file.IndexOf("</", tagEnd, StringComparison.Ordinal)) + 1;
        string endTag = isEmpty ? $"</{name}>" : file[file.IndexOf("</", tagEnd, StringComparison.Ordinal)..end];
        string lineEnd = file.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return [.. content[..mark], .. encoding.GetBytes(file[..start] + tag + Encode(text, lineEnd) + endTag + file[end..])];
    }

    /// <summary>The text of a file.</summary>
    /// <param name="content">The file.</param>
    public static string TextOf(byte[] content) => Decode(content).Text;

    /// <inheritdoc/>
    public override string ToString() => $"{Key} ({Type}) = {Text}";

    internal static string Encode(string text, string lineEnd) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\n", lineEnd, StringComparison.Ordinal);

    private static (string Text, Encoding Encoding, int Mark) Decode(byte[] content)
    {
        Encoding encoding = content switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        int mark = content.AsSpan().StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0;
        return (encoding.GetString(content, mark, content.Length - mark), encoding, mark);
    }

    private static string KeyOf(XElement element) => string.Join('/', element.AncestorsAndSelf().Reverse().Skip(1).Select(
        step => step.Attribute("id") is { } id ? $"{step.Name}[@id={id.Value}]" : step.Name.ToString()));

    private static int StartOf(XElement element, string file)
    {
        IXmlLineInfo place = element;
        int line = 0;
        for (int number = 1; number < place.LineNumber; number++)
        {
            line = file.IndexOf('\n', line) + 1;
        }

        // The position is that of the name, from 1.
        return line + place.LinePosition - 2;
    }

    private object ValueOf(string text) => Type switch
    {
        "integer" => int.Parse(text, CultureInfo.InvariantCulture),
        "boolean" => text == "true",
        "bytes" => Convert.FromHexString(text),
        _ => text,
    };
}
