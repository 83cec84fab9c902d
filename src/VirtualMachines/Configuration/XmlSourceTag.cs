namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The start tag of an element as it stands in the file, and what in it counts here: the name, the id and the type.</summary>
internal readonly struct XmlSourceTag
{
    /// <summary>The end of the tag of an empty element.</summary>
    public const string EmptyEnd = "/>";

    private const string IdAttribute = "id";
    private const string TypeAttribute = "type";

    private readonly int typeStart;
    private readonly int typeLength;

    /// <summary>Reads a tag of a well-formed file.</summary>
    /// <param name="source">From the angle bracket to the angle bracket.</param>
    public XmlSourceTag(string source)
    {
        Source = source;
        int position = NameEnd(source, 1);
        Name = source[1..position];
        while (TryReadAttribute(source, ref position, out string name, out int start, out int length))
        {
            if (name == IdAttribute)
            {
                Id = XmlSourceEscapes.Decode(source.AsSpan(start, length));
            }
            else if (name == TypeAttribute)
            {
                Type = XmlSourceEscapes.Decode(source.AsSpan(start, length));
                typeStart = start;
                typeLength = length;
            }
        }
    }

    /// <summary>The tag in the file.</summary>
    public string Source { get; }

    /// <summary>The element's name.</summary>
    public string Name { get; }

    /// <summary>The value of its <c>id</c> attribute, or null.</summary>
    public string? Id { get; }

    /// <summary>The value of its <c>type</c> attribute, or null.</summary>
    public string? Type { get; }

    /// <summary>Whether the element ends with this tag.</summary>
    public bool IsEmpty => Source.EndsWith(EmptyEnd, StringComparison.Ordinal);

    /// <summary>A new tag without a type.</summary>
    /// <param name="name">The element's name.</param>
    /// <param name="id">Its id, or null for none.</param>
    /// <param name="emptyEnd">How empty elements of the file end.</param>
    public static XmlSourceTag Create(string name, string? id, string emptyEnd) =>
        new(id is null ? $"<{name}{emptyEnd}" : $"<{name} id=\"{id}\"{emptyEnd}");

    /// <summary>The tag with another type.</summary>
    /// <param name="type">The type, one of the four words.</param>
    public XmlSourceTag WithType(string type)
    {
        if (Type == type)
        {
            return this;
        }

        if (Type is not null)
        {
            return new XmlSourceTag($"{Source[..typeStart]}{type}{Source[(typeStart + typeLength)..]}");
        }

        int end = EndOfContent;
        return new XmlSourceTag($"{Source[..end]} type=\"{type}\"{Source[end..]}");
    }

    /// <summary>The tag of an element that has, or has not, something between its tags.</summary>
    /// <param name="empty">Whether it has nothing.</param>
    /// <param name="emptyEnd">How empty elements of the file end.</param>
    public XmlSourceTag WithEmpty(bool empty, string emptyEnd) =>
        empty == IsEmpty ? this : new XmlSourceTag(Source[..EndOfContent] + (empty ? emptyEnd : ">"));

    private int EndOfContent => Source.AsSpan(0, Source.Length - (IsEmpty ? EmptyEnd.Length : 1)).TrimEnd().Length;

    private static bool TryReadAttribute(string source, ref int position, out string name, out int start, out int length)
    {
        position = SpaceEnd(source, position);
        if (source[position] is '>' or '/')
        {
            (name, start, length) = (string.Empty, 0, 0);
            return false;
        }

        int nameEnd = NameEnd(source, position);
        name = source[position..nameEnd];
        int quote = SpaceEnd(source, source.IndexOf('=', nameEnd) + 1);
        start = quote + 1;
        length = source.IndexOf(source[quote], start) - start;
        position = start + length + 1;
        return true;
    }

    private static int NameEnd(string source, int start)
    {
        int end = start;
        while (source[end] is not ('>' or '/' or '=') && !char.IsWhiteSpace(source[end]))
        {
            end++;
        }

        return end;
    }

    private static int SpaceEnd(string source, int start)
    {
        int end = start;
        while (char.IsWhiteSpace(source[end]))
        {
            end++;
        }

        return end;
    }
}
