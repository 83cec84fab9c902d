using System.Text;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>A whole XML file in pieces: what is before the root element, the root, and what is behind it.</summary>
internal sealed class XmlSourceFile
{
    private const string CommentStart = "<!--";
    private const string CommentEnd = "-->";
    private const string SectionStart = "<![CDATA[";
    private const string SectionEnd = "]]>";
    private const string InstructionStart = "<?";
    private const string InstructionEnd = "?>";
    private const string EndTagStart = "</";
    private const string EncodingName = "encoding";

    private readonly string before;
    private readonly string after;

    private XmlSourceFile(string before, XmlSourceElement root, string after, XmlSourceStyle style)
    {
        this.before = before;
        Root = root;
        this.after = after;
        Style = style;
    }

    /// <summary>The root element.</summary>
    public XmlSourceElement Root { get; }

    /// <summary>How it is written.</summary>
    public XmlSourceStyle Style { get; }

    /// <summary>Takes a file to pieces.</summary>
    /// <param name="text">The file's text, which an XML reader has found well-formed and without a document type.</param>
    public static XmlSourceFile Read(string text)
    {
        int position = 0;
        while (IsOutsideElements(text, position))
        {
            ReadNode(text, ref position);
        }

        int start = position;
        XmlSourceTag? emptyValue = null;
        Stack<XmlSourceElement> open = new();
        while (true)
        {
            if (StartsWith(text, position, EndTagStart))
            {
                XmlSourceElement ended = open.Pop();
                ended.ReadEnd(TakeUntil(text, ref position, EndTagStart, ">"));
                if (open.Count == 0)
                {
                    return new XmlSourceFile(text[..start], ended, text[position..], XmlSourceStyle.Of(text, emptyValue?.Source));
                }
            }
            else if (IsOutsideElements(text, position))
            {
                open.Peek().Read(ReadNode(text, ref position));
            }
            else
            {
                XmlSourceTag tag = ReadTag(text, ref position);
                XmlSourceElement element = new(tag);
                if (open.TryPeek(out XmlSourceElement? parent))
                {
                    parent.Read(element);
                }

                if (!tag.IsEmpty)
                {
                    open.Push(element);
                    continue;
                }

                emptyValue = emptyValue is { Type: not null } || (emptyValue is not null && tag.Type is null) ? emptyValue : tag;
                if (parent is null)
                {
                    return new XmlSourceFile(text[..start], element, text[position..], XmlSourceStyle.Of(text, emptyValue?.Source));
                }
            }
        }
    }

    /// <summary>The file whose declaration names the encoding that its bytes have.</summary>
    /// <param name="encoding">That encoding.</param>
    public XmlSourceFile WithEncoding(Encoding encoding)
    {
        // Only a declaration can stand at the very start and hold that word.
        int end = before.IndexOf(InstructionEnd, StringComparison.Ordinal);
        int name = end < 0 || !before.StartsWith(InstructionStart, StringComparison.Ordinal)
            ? -1
            : before.IndexOf(EncodingName, 0, end, StringComparison.Ordinal);
        int start = name < 0 ? -1 : before.AsSpan(name).IndexOfAny('"', '\'') + name + 1;
        if (start < 0)
        {
            return this;
        }

        int length = before.IndexOf(before[start - 1], start) - start;
        return IsNameOf(before.AsSpan(start, length), encoding)
            ? this
            : new XmlSourceFile(before[..start] + encoding.WebName.ToUpperInvariant() + before[(start + length)..], Root, after, Style);
    }

    /// <summary>A copy that shares nothing that can change.</summary>
    public XmlSourceFile Clone() => new(before, (XmlSourceElement)Root.Clone(), after, Style);

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder output = new(before);
        Root.WriteTo(output);
        return output.Append(after).ToString();
    }

    /// <summary>UTF-16 is the name of both orders of bytes.</summary>
    private static bool IsNameOf(ReadOnlySpan<char> name, Encoding encoding) =>
        name.Equals(encoding.WebName, StringComparison.OrdinalIgnoreCase)
        || (encoding is UnicodeEncoding && name.Equals(Encoding.Unicode.WebName, StringComparison.OrdinalIgnoreCase));

    private static bool IsOutsideElements(string text, int position) =>
        text[position] != '<' || text[position + 1] is '!' or '?';

    private static XmlSourceText ReadNode(string text, ref int position)
    {
        if (StartsWith(text, position, CommentStart))
        {
            return new XmlSourceText(TakeUntil(text, ref position, CommentStart, CommentEnd), value: null);
        }

        if (StartsWith(text, position, SectionStart))
        {
            string section = TakeUntil(text, ref position, SectionStart, SectionEnd);
            return new XmlSourceText(section, XmlSourceEscapes.FoldLineEnds(section[SectionStart.Length..^SectionEnd.Length]));
        }

        if (StartsWith(text, position, InstructionStart))
        {
            return new XmlSourceText(TakeUntil(text, ref position, InstructionStart, InstructionEnd), value: null);
        }

        int start = position;
        position = text.IndexOf('<', start);
        return new XmlSourceText(text[start..position], XmlSourceEscapes.Decode(text.AsSpan(start, position - start)));
    }

    private static XmlSourceTag ReadTag(string text, ref int position)
    {
        int start = position;
        char? quote = null;
        while (quote is not null || text[position] != '>')
        {
            char c = text[position++];
            quote = quote is null ? c is '"' or '\'' ? c : null : c == quote ? null : quote;
        }

        position++;
        return new XmlSourceTag(text[start..position]);
    }

    private static string TakeUntil(string text, ref int position, string from, string end)
    {
        int start = position;
        position = text.IndexOf(end, start + from.Length, StringComparison.Ordinal) + end.Length;
        return text[start..position];
    }

    private static bool StartsWith(string text, int position, string start) => text.AsSpan(position).StartsWith(start);
}
