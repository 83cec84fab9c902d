using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// An XML file of values, as Virtual PC writes them (.vmc, .vmcx, Options.xml): leaves with a <c>type</c> attribute under a root element that is not
/// part of the keys. What this program does not know (elements, attributes, comments, their order, line ends, the encoding) survives a rewrite.
/// Not safe for writing by many threads; whoever shares one clones it before a change.
/// </summary>
/// <remarks>
/// Public files show UTF-16 with a byte order mark and the types <c>integer</c>, <c>string</c>, <c>boolean</c> and <c>bytes</c> (hexadecimal):
/// https://blogs.technet.microsoft.com/jhoward/2005/01/27/reset-lost-bios-password-virtual-server-2005/ and
/// http://www.laboratoire-microsoft.org/def/25355.
/// </remarks>
internal sealed class XmlValueDocument : IReadOnlyValues
{
    /// <summary>The largest file that is read: many times what a machine needs, with 65,536 characters of notes.</summary>
    public const int MaximumBytes = 4 * 1024 * 1024;

    /// <summary>The deepest element that is read.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The most nodes (elements, attributes, texts, comments) that are read.</summary>
    public const int MaximumNodes = 100_000;

    private const string TypeAttribute = "type";
    private const string IdAttribute = "id";
    private const string Indent = "\t";

    private readonly XDocument xml;
    private readonly Encoding encoding;
    private readonly bool windowsLineEnds;

    private XmlValueDocument(XDocument xml, Encoding encoding, bool windowsLineEnds)
    {
        this.xml = xml;
        this.encoding = encoding;
        this.windowsLineEnds = windowsLineEnds;
    }

    /// <summary>Makes an empty document in the form of the real files: UTF-16, Windows line ends.</summary>
    /// <param name="rootName">The root element.</param>
    /// <param name="comment">A comment above it.</param>
    public static XmlValueDocument Create(string rootName, string comment) => new(
        new XDocument(
            new XDeclaration("1.0", "UTF-16", null), new XText("\n"), new XComment($" {comment} "), new XText("\n"), new XElement(rootName), new XText("\n")),
        Encoding.Unicode,
        windowsLineEnds: true);

    /// <summary>Reads a document.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="rootName">The root element it must have.</param>
    /// <exception cref="InvalidDataException">The bytes are no such document, or exceed a limit; the text says which.</exception>
    public static XmlValueDocument Parse(byte[] content, string rootName)
    {
        CheckLength(content);
        if (content.Length == 0)
        {
            throw new InvalidDataException("the file is empty");
        }

        try
        {
            (string text, Encoding encoding) = Decode(content);
            CheckLimits(text);
            using XmlReader reader = OpenReader(text);
            XDocument document = XDocument.Load(reader, LoadOptions.PreserveWhitespace);
            return document.Root!.Name == rootName
                ? new XmlValueDocument(document, encoding, text.Contains("\r\n", StringComparison.Ordinal))
                : throw new InvalidDataException($"its root element is <{document.Root.Name}>, not <{rootName}>");
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"it is not well-formed XML: {e.Message}", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"its text encoding is damaged: {e.Message}", e);
        }
    }

    /// <summary>Reads one value. A leaf whose text does not fit its type is answered as the text that it is.</summary>
    /// <param name="path">The value's path.</param>
    /// <param name="value">An <see cref="int"/>, <see cref="string"/>, <see cref="bool"/> or byte array.</param>
    /// <returns>False when there is no such leaf.</returns>
    public bool TryGetValue(ValuePath path, [NotNullWhen(true)] out object? value)
    {
        value = Find(path) is { } element && IsLeaf(element) ? ValueText.Read((string?)element.Attribute(TypeAttribute), element.Value) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value)
    {
        value = null;
        return ValuePath.TryParse(key, out ValuePath? path) && TryGetValue(path, out value);
    }

    /// <summary>Writes one value and makes the elements on the way to it.</summary>
    /// <param name="path">The value's path.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: the value's type or a character in it cannot be kept, or the path runs through a value or ends
    /// at an element with elements below it.
    /// </exception>
    public void Set(ValuePath path, object? value)
    {
        (string type, string text) = ValueText.Write(path, value);
        XElement element = xml.Root!;
        for (int i = 0; i < path.Steps.Count; i++)
        {
            if (i > 0 && element.Attribute(TypeAttribute) is not null)
            {
                throw new VirtualMachineException(
                    VirtualMachineError.InvalidArgument, $"Nothing can be written to '{path}': the element '{element.Name}' on the way there is itself a value.");
            }

            element = Child(element, path.Steps[i]) ?? Append(element, path.Steps[i], depth: i + 1);
        }

        if (element.HasElements)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument, $"Nothing can be written to '{path}': there are elements below it, so it is not a value.");
        }

        element.SetAttributeValue(TypeAttribute, type);
        element.Value = text;
    }

    /// <summary>Removes one value.</summary>
    /// <param name="path">The value's path.</param>
    /// <returns>False when there is no such leaf.</returns>
    public bool Remove(ValuePath path)
    {
        if (Find(path) is not { } element || !IsLeaf(element))
        {
            return false;
        }

        Remove(element);
        return true;
    }

    /// <summary>The ids of the elements that a path without an id stands for, in their order: those of all <c>ethernet_controller</c> elements.</summary>
    /// <param name="path">The path.</param>
    public IReadOnlyList<string> ReadIds(ValuePath path)
    {
        XElement? parent = xml.Root;
        foreach (ValuePathStep step in path.Steps.SkipLast(1))
        {
            parent = parent is null ? null : Child(parent, step);
        }

        return parent is null ? [] : [.. parent.Elements(path.Steps[^1].Name).Select(element => (string?)element.Attribute(IdAttribute)).OfType<string>()];
    }

    /// <summary>All values by their paths, in their order. What no path names, such as the second of two elements of one name, is left out.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> ReadAll()
    {
        List<KeyValuePair<string, object>> values = [];
        AddAll(xml.Root!, string.Empty);
        return values;

        // No deeper than MaximumDepth.
        void AddAll(XElement parent, string above)
        {
            foreach (XElement element in parent.Elements())
            {
                string key = above + new ValuePathStep(element.Name.ToString(), (string?)element.Attribute(IdAttribute));
                if (element.HasElements)
                {
                    AddAll(element, key + "/");
                }
                else if (ValuePath.TryParse(key, out ValuePath? path) && Find(path) == element && TryGetValue(path, out object? value))
                {
                    values.Add(new(key, value));
                }
            }
        }
    }

    /// <summary>Removes an element with all below it.</summary>
    /// <param name="path">The element's path.</param>
    /// <returns>False when there is no such element.</returns>
    public bool RemoveElement(ValuePath path)
    {
        if (Find(path) is not { } element)
        {
            return false;
        }

        Remove(element);
        return true;
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    public XmlValueDocument Clone() => new(new XDocument(xml), encoding, windowsLineEnds);

    /// <summary>The document as a file's content, in the encoding and with the line ends it was read with.</summary>
    /// <exception cref="InvalidDataException">It has grown beyond what <see cref="Parse"/> takes; the text says how.</exception>
    public byte[] ToBytes()
    {
        XDeclaration? declaration = xml.Declaration;
        XDocument document = new(xml)
        {
            Declaration = new XDeclaration(declaration?.Version ?? "1.0", encoding.WebName.ToUpperInvariant(), declaration?.Standalone),
        };
        StringBuilder text = new();

        // A carriage return inside a value becomes a character reference, because a reader turns a bare one into a line feed.
        XmlWriterSettings settings = new() { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize };
        using (XmlWriter writer = XmlWriter.Create(text, settings))
        {
            document.Save(writer);
        }

        // The declaration is written here: a writer on a string would always say utf-16.
        text.Insert(0, document.Declaration);
        if (windowsLineEnds)
        {
            text.Replace("\n", "\r\n");
        }

        string written = text.ToString();
        byte[] content = [.. encoding.GetPreamble(), .. encoding.GetBytes(written)];
        CheckLength(content);
        CheckLimits(written);
        return content;
    }

    private static void Remove(XElement element)
    {
        if (element.PreviousNode is XText { } before && string.IsNullOrWhiteSpace(before.Value))
        {
            before.Remove();
        }

        element.Remove();
    }

    private static bool IsLeaf(XElement element) =>
        !element.HasElements && (element.Attribute(TypeAttribute) is not null || element.Value.Length > 0);

    private XElement? Find(ValuePath path)
    {
        XElement? element = xml.Root;
        foreach (ValuePathStep step in path.Steps)
        {
            element = Child(element!, step);
            if (element is null)
            {
                return null;
            }
        }

        return element;
    }

    private static XElement? Child(XElement parent, ValuePathStep step) =>
        parent.Elements(step.Name).FirstOrDefault(child => step.Id is null || (string?)child.Attribute(IdAttribute) == step.Id);

    private static XElement Append(XElement parent, ValuePathStep step, int depth)
    {
        XElement child = new(step.Name, step.Id is null ? null : new XAttribute(IdAttribute, step.Id));
        string lineStart = "\n" + string.Concat(Enumerable.Repeat(Indent, depth));
        if (parent.LastNode is XText last && string.IsNullOrWhiteSpace(last.Value))
        {
            last.AddBeforeSelf(new XText(lineStart), child);
        }
        else
        {
            parent.Add(new XText(lineStart), child, new XText(lineStart[..^Indent.Length]));
        }

        return child;
    }

    /// <summary>
    /// Decides by the bytes, not by the declaration: people convert these files and leave <c>encoding="UTF-16"</c> standing.
    /// </summary>
    private static (string Text, Encoding Encoding) Decode(byte[] content)
    {
        Encoding encoding = content switch
        {
            [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xEF, 0xBB, 0xBF, ..] => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        };
        ReadOnlySpan<byte> text = content;
        if (text.StartsWith(encoding.Preamble))
        {
            text = text[encoding.Preamble.Length..];
        }

        return (encoding.GetString(text), encoding);
    }

    private static XmlReader OpenReader(string text) => XmlReader.Create(
        new StringReader(text),
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaximumBytes,
            CloseInput = true,
        });

    private static void CheckLength(byte[] content)
    {
        if (content.Length > MaximumBytes)
        {
            throw new InvalidDataException($"it has {content.Length:N0} bytes; {MaximumBytes:N0} are allowed");
        }
    }

    private static void CheckLimits(string text)
    {
        using XmlReader reader = OpenReader(text);
        int nodes = 0;
        while (reader.Read())
        {
            nodes += 1 + reader.AttributeCount;
            if (reader.Depth > MaximumDepth)
            {
                throw new InvalidDataException($"its elements are nested deeper than {MaximumDepth}");
            }

            if (nodes > MaximumNodes)
            {
                throw new InvalidDataException($"it has more than {MaximumNodes:N0} nodes");
            }
        }
    }
}
