using System.Text;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// An element as it stands in an XML file, with all that is between its tags. Changes touch nothing but what they are about.
/// </summary>
internal sealed class XmlSourceElement : XmlSourceNode
{
    private const string Indent = "\t";

    private readonly List<XmlSourceNode> content = [];
    private XmlSourceTag tag;
    private string endTag = string.Empty;

    /// <summary>Takes an element's start tag; its content and end follow.</summary>
    /// <param name="tag">The tag.</param>
    public XmlSourceElement(XmlSourceTag tag) => this.tag = tag;

    /// <summary>Its name.</summary>
    public string Name => tag.Name;

    /// <summary>The value of its <c>id</c> attribute, or null.</summary>
    public string? Id => tag.Id;

    /// <summary>The value of its <c>type</c> attribute, or null.</summary>
    public string? Type => tag.Type;

    /// <summary>The elements in it.</summary>
    public IEnumerable<XmlSourceElement> Elements => content.OfType<XmlSourceElement>();

    /// <summary>The text in it.</summary>
    public string Text => string.Concat(content.OfType<XmlSourceText>().Select(node => node.Value));

    /// <summary>Whether it holds a value: no elements, and a type or a text.</summary>
    public bool IsLeaf => !Elements.Any() && (Type is not null || !string.IsNullOrWhiteSpace(Text));

    /// <summary>Appends what comes next in the file.</summary>
    /// <param name="node">The node.</param>
    public void Read(XmlSourceNode node) => content.Add(node);

    /// <summary>Takes the end tag.</summary>
    /// <param name="source">As it stands in the file.</param>
    public void ReadEnd(string source) => endTag = source;

    /// <summary>Makes it a leaf with a value. A value that it has already changes nothing, and comments in it stay.</summary>
    /// <param name="type">The type.</param>
    /// <param name="text">The text.</param>
    /// <param name="style">The file's style.</param>
    public void SetValue(string type, string text, XmlSourceStyle style)
    {
        tag = tag.WithType(type);
        if (Text == text)
        {
            return;
        }

        int place = Math.Max(content.FindIndex(IsText), 0);
        content.RemoveAll(IsText);
        if (text.Length > 0)
        {
            content.Insert(place, new XmlSourceText(XmlSourceEscapes.Encode(text, style.LineEnd), text));
        }

        FitTags(style);

        static bool IsText(XmlSourceNode node) => node is XmlSourceText { Value: not null };
    }

    /// <summary>Appends a new element on a line of its own, indented as its siblings are.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">Its id, or null for none.</param>
    /// <param name="ownLine">The line start of this element: a line end and white space.</param>
    /// <param name="style">The file's style.</param>
    public XmlSourceElement Append(string name, string? id, string ownLine, XmlSourceStyle style)
    {
        XmlSourceElement child = new(XmlSourceTag.Create(name, id, style.EmptyEnd));
        string childLine = Elements.LastOrDefault() is { } sibling ? LineOf(sibling, ownLine) : ownLine + Indent;
        if (content.LastOrDefault() is XmlSourceText { IsSpace: true })
        {
            content.InsertRange(content.Count - 1, [Space(childLine), child]);
        }
        else
        {
            content.AddRange([Space(childLine), child, Space(ownLine)]);
        }

        FitTags(style);
        return child;

        static XmlSourceText Space(string source) => new(source, source);
    }

    /// <summary>The line start of an element in this one.</summary>
    /// <param name="child">The element.</param>
    /// <param name="ownLine">The line start of this element.</param>
    public string LineOf(XmlSourceElement child, string ownLine) =>
        SpaceBefore(child) is { IsSpace: true } space && space.Source.LastIndexOf('\n') is var end and >= 0
            ? space.Source[(end > 0 && space.Source[end - 1] == '\r' ? end - 1 : end)..]
            : ownLine + Indent;

    /// <summary>Removes an element and the white space before it.</summary>
    /// <param name="child">The element.</param>
    public void Remove(XmlSourceElement child)
    {
        if (SpaceBefore(child) is { IsSpace: true } space)
        {
            content.Remove(space);
        }

        content.Remove(child);
    }

    /// <inheritdoc/>
    public override void WriteTo(StringBuilder output)
    {
        output.Append(tag.Source);
        foreach (XmlSourceNode node in content)
        {
            node.WriteTo(output);
        }

        output.Append(endTag);
    }

    /// <inheritdoc/>
    public override XmlSourceNode Clone()
    {
        XmlSourceElement copy = new(tag) { endTag = endTag };
        copy.content.AddRange(content.Select(node => node.Clone()));
        return copy;
    }

    private XmlSourceText? SpaceBefore(XmlSourceElement child) =>
        content.IndexOf(child) is var index and > 0 ? content[index - 1] as XmlSourceText : null;

    private void FitTags(XmlSourceStyle style)
    {
        tag = tag.WithEmpty(content.Count == 0, style.EmptyEnd);
        endTag = content.Count == 0 ? string.Empty : endTag.Length > 0 ? endTag : $"</{Name}>";
    }
}
