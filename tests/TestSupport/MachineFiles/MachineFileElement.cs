using System.Globalization;
using System.Text;

namespace VpcComApi.TestSupport.MachineFiles;

/// <summary>An element of a machine file that a test makes.</summary>
internal sealed class MachineFileElement
{
    private readonly string name;
    private readonly string? id;
    private readonly string? type;
    private readonly string text;
    private readonly IReadOnlyList<MachineFileElement> children;

    private MachineFileElement(string name, string? id, string? type, string text, IReadOnlyList<MachineFileElement> children)
    {
        this.name = name;
        this.id = id;
        this.type = type;
        this.text = text;
        this.children = children;
    }

    public static MachineFileElement Group(string name, params IReadOnlyList<MachineFileElement> children) =>
        new(name, null, null, string.Empty, children);

    public static MachineFileElement Numbered(string name, int id, params IReadOnlyList<MachineFileElement> children) =>
        new(name, id.ToString(CultureInfo.InvariantCulture), null, string.Empty, children);

    public static MachineFileElement Number(string name, int value) => Leaf(name, "integer", value.ToString(CultureInfo.InvariantCulture));

    public static MachineFileElement Text(string name, string value = "") => Leaf(name, "string", value);

    public static MachineFileElement Flag(string name, bool value) => Leaf(name, "boolean", value ? "true" : "false");

    public static MachineFileElement Bytes(string name, string value) => Leaf(name, "bytes", value);

    /// <summary>A comment, or anything else that is no element.</summary>
    public static MachineFileElement Verbatim(string source) => new(string.Empty, null, null, source, []);

    /// <summary>A file with this element as its root.</summary>
    public byte[] ToFile(MachineFileStyle style)
    {
        StringBuilder output = new(style.Start);
        Write(output, style, depth: 0);
        output.Append(style.End);
        string file = output.Replace("\n", style.LineEnd).ToString();
        return [.. style.Encoding.GetPreamble(), .. style.Encoding.GetBytes(file)];
    }

    private static MachineFileElement Leaf(string name, string type, string text) => new(name, null, type, text, []);

    private void Write(StringBuilder output, MachineFileStyle style, int depth)
    {
        if (name.Length == 0)
        {
            output.Append(text);
            return;
        }

        output.Append('<').Append(name);
        WriteAttribute("id", id);
        WriteAttribute("type", type);
        if (children.Count == 0 && text.Length == 0)
        {
            output.Append(style.EmptyEnd);
            return;
        }

        output.Append('>').Append(MachineFileValue.Encode(text, "\n"));
        foreach (MachineFileElement child in children)
        {
            StartLine(depth + 1);
            child.Write(output, style, depth + 1);
        }

        if (children.Count > 0)
        {
            StartLine(depth);
        }

        output.Append("</").Append(name).Append('>');

        void StartLine(int level) => output.Append('\n').Insert(output.Length, style.Indent, level);

        void WriteAttribute(string attribute, string? value)
        {
            if (value is not null)
            {
                output.Append(' ').Append(attribute).Append('=').Append(style.Quote).Append(value).Append(style.Quote);
            }
        }
    }
}
