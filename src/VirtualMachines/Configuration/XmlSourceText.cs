using System.Text;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// What stands between the tags of an XML file: text, a CDATA section, or a comment or processing instruction, which say nothing here.
/// </summary>
internal sealed class XmlSourceText : XmlSourceNode
{
    private readonly string source;

    /// <summary>Takes a piece of a file.</summary>
    /// <param name="source">As it stands there.</param>
    /// <param name="value">The text that it means; null when it is no text at all.</param>
    public XmlSourceText(string source, string? value)
    {
        this.source = source;
        Value = value;
    }

    /// <summary>The text that it means; null for a comment or a processing instruction.</summary>
    public string? Value { get; }

    /// <summary>Whether it separates elements and means nothing.</summary>
    public bool IsSpace => Value is not null && source.AsSpan().IsWhiteSpace();

    /// <summary>What stands in the file.</summary>
    public string Source => source;

    /// <inheritdoc/>
    public override void WriteTo(StringBuilder output) => output.Append(source);

    /// <summary>Itself: it never changes.</summary>
    public override XmlSourceNode Clone() => this;
}
