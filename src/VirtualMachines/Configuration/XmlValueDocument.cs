using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// An XML file of values, as Virtual PC writes them (.vmc, .vmcx, Options.xml): leaves with a <c>type</c> attribute under a root element
/// that is not part of the keys. What a change is not about (unknown elements, attributes, comments, their order, quotes, line ends, the
/// encoding) is written back byte for byte. Not safe for writing by many threads; whoever shares one clones it before a change.
/// </summary>
/// <remarks>
/// <para>
/// Public files show UTF-16 with a byte order mark and the types <c>integer</c>, <c>string</c>, <c>boolean</c> and <c>bytes</c>
/// (hexadecimal):
/// https://blogs.technet.microsoft.com/jhoward/2005/01/27/reset-lost-bios-password-virtual-server-2005/ and
/// http://www.laboratoire-microsoft.org/def/25355.
/// </para>
/// <para>
/// A step of a path names the elements of its name that have its id; a step without an id names those without an id, never one with an id.
/// The files have both side by side: <c>floppy id="0"</c>, and <c>floppy</c> with what is about all floppy drives
/// (https://github.com/CosmosOS/Cosmos/blob/0e1ec65ec7fceb8e9deec267b0419cdd63aacc6d/Build/VPC/Cosmos.vmc). Where several elements have the
/// same name and id, the first value of the path in the order of the file counts: it is read, it is written to, and all of them are removed
/// together.
/// </para>
/// </remarks>
internal sealed class XmlValueDocument : IReadOnlyValues
{
    /// <summary>The largest file that is read: many times what a machine needs, with 65,536 characters of notes.</summary>
    public const int MaximumBytes = 4 * 1024 * 1024;

    /// <summary>The deepest element that is read.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The most nodes (elements, attributes, texts, comments) that are read.</summary>
    public const int MaximumNodes = 100_000;

    private readonly XmlSourceFile file;
    private readonly Encoding encoding;
    private readonly bool hasByteOrderMark;

    private XmlValueDocument(XmlSourceFile file, Encoding encoding, bool hasByteOrderMark)
    {
        this.file = file;
        this.encoding = encoding;
        this.hasByteOrderMark = hasByteOrderMark;
    }

    /// <summary>Makes an empty document in the form of the real files: UTF-16, Windows line ends.</summary>
    /// <param name="rootName">The root element.</param>
    /// <param name="comment">A comment above it.</param>
    public static XmlValueDocument Create(string rootName, string comment) => new(
        XmlSourceFile.Read($"<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<!-- {comment} -->\r\n<{rootName} "
            + "/>\r\n"), Encoding.Unicode, hasByteOrderMark: true);

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
            (string text, Encoding encoding, bool hasByteOrderMark) = Decode(content);
            Check(text, rootName);
            return new XmlValueDocument(XmlSourceFile.Read(text).WithEncoding(encoding), encoding, hasByteOrderMark);
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
        value = Named(path.Steps).FirstOrDefault(element => element.IsLeaf) is { } leaf ? ValueText.Read(leaf.Type, leaf.Text) : null;
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
    /// <see cref="VirtualMachineError.InvalidArgument"/>: the value's type or a character in it cannot be kept, or the path runs through a
    /// value or ends at an element with elements below it.
    /// </exception>
    public void Set(ValuePath path, object? value)
    {
        (string type, string text) = ValueText.Write(path, value);
        XmlSourceElement[] named = [.. Named(path.Steps)];
        if (named.Length > 0 && named.All(element => element.Elements.Any()))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"Nothing can be written to '{path}': there are elements below it, so it is not a value.");
        }

        XmlSourceElement leaf = named.FirstOrDefault(
            element => element.IsLeaf) ?? named.FirstOrDefault(element => !element.Elements.Any()) ?? Append(path);
        leaf.SetValue(type, text, file.Style);
    }

    /// <summary>Removes one value.</summary>
    /// <param name="path">The value's path.</param>
    /// <returns>False when there is no such leaf.</returns>
    public bool Remove(ValuePath path) => Remove(path, element => element.IsLeaf);

    /// <summary>
    /// The ids of the elements that have the path's last name and an id, in their order: those of all <c>ethernet_controller</c> elements.
    /// </summary>
    /// <param name="path">The path, whose last step has no id.</param>
    public IReadOnlyList<string> ReadIds(ValuePath path) =>
    [
        .. Named([.. path.Steps.SkipLast(1)])
            .SelectMany(parent => parent.Elements)
            .Where(element => element.Name == path.Steps[^1].Name)
            .Select(element => element.Id)
            .OfType<string>(),
    ];

    /// <summary>
    /// All values by their paths, in their order. What no path names, such as the second of two elements of one name, is left out.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, object>> ReadAll()
    {
        List<KeyValuePair<string, object>> values = [];
        HashSet<string> keys = [];
        AddAll(file.Root, string.Empty);
        return values;

        // No deeper than MaximumDepth.
        void AddAll(XmlSourceElement parent, string above)
        {
            foreach (XmlSourceElement element in parent.Elements)
            {
                string key = above + new ValuePathStep(element.Name, element.Id);
                if (element.Elements.Any())
                {
                    AddAll(element, key + "/");
                }
                else if (element.IsLeaf && ValuePath.TryParse(key, out _) && keys.Add(key))
                {
                    values.Add(new(key, ValueText.Read(element.Type, element.Text)));
                }
            }
        }
    }

    /// <summary>Removes an element with all below it.</summary>
    /// <param name="path">The element's path.</param>
    /// <returns>False when there is no such element.</returns>
    public bool RemoveElement(ValuePath path) => Remove(path, _ => true);

    /// <summary>A copy that shares nothing with this one.</summary>
    public XmlValueDocument Clone() => new(file.Clone(), encoding, hasByteOrderMark);

    /// <summary>The document as a file's content, in the encoding and with the line ends it was read with.</summary>
    /// <exception cref="InvalidDataException">It has grown beyond what <see cref="Parse"/> takes; the text says how.</exception>
    public byte[] ToBytes()
    {
        string written = file.ToString();
        byte[] text = encoding.GetBytes(written);
        byte[] content = hasByteOrderMark ? [.. encoding.GetPreamble(), .. text] : text;
        CheckLength(content);
        Check(written, file.Root.Name);
        return content;
    }

    private static bool IsNamed(XmlSourceElement element, ValuePathStep step) => element.Name == step.Name && element.Id == step.Id;

    /// <summary>The elements that a path names, in the order of the file.</summary>
    private IEnumerable<XmlSourceElement> Named(IReadOnlyList<ValuePathStep> steps) =>
        steps.Aggregate<ValuePathStep, IEnumerable<XmlSourceElement>>(
            [file.Root], (parents, step) => parents.SelectMany(parent => parent.Elements.Where(child => IsNamed(child, step))));

    private bool Remove(ValuePath path, Func<XmlSourceElement, bool> condition)
    {
        bool found = false;
        foreach (XmlSourceElement parent in Named([.. path.Steps.SkipLast(1)]).ToList())
        {
            foreach (XmlSourceElement child in parent.Elements.Where(child => IsNamed(child, path.Steps[^1]) && condition(child)).ToList())
            {
                parent.Remove(child);
                found = true;
            }
        }

        return found;
    }

    /// <summary>Makes the elements of a path that are missing, below the first one that goes furthest.</summary>
    private XmlSourceElement Append(ValuePath path)
    {
        int depth = path.Steps.Count - 1;
        while (depth > 0 && !Named([.. path.Steps.Take(depth)]).Any())
        {
            depth--;
        }

        XmlSourceElement[] parents = [.. Named([.. path.Steps.Take(depth)])];
        XmlSourceElement element = parents.FirstOrDefault(parent => depth == 0 || !IsValue(parent)) ?? throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument,
            $"Nothing can be written to '{path}': the element '{parents[0].Name}' on the way there is itself a value.");
        string line = LineOf(element);
        foreach (ValuePathStep step in path.Steps.Skip(depth))
        {
            XmlSourceElement child = element.Append(step.Name, step.Id, line, file.Style);
            line = element.LineOf(child, line);
            element = child;
        }

        return element;

        static bool IsValue(XmlSourceElement element) => element.Type is not null || element.IsLeaf;
    }

    /// <summary>The line end and white space that an element stands behind.</summary>
    private string LineOf(XmlSourceElement element)
    {
        return Search(file.Root, file.Style.LineEnd)!;

        string? Search(XmlSourceElement parent, string line) => parent == element
            ? line
            : parent.Elements.Select(child => Search(child, parent.LineOf(child, line))).FirstOrDefault(found => found is not null);
    }

    /// <summary>
    /// Decides by the bytes, not by the declaration: people convert these files and leave <c>encoding="UTF-16"</c> standing.
    /// </summary>
    private static (string Text, Encoding Encoding, bool HasByteOrderMark) Decode(byte[] content)
    {
        Encoding encoding = content switch
        {
            [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xEF, 0xBB, 0xBF, ..] => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        };
        ReadOnlySpan<byte> text = content;
        bool hasByteOrderMark = encoding.Preamble.Length > 0 && text.StartsWith(encoding.Preamble);
        return (encoding.GetString(hasByteOrderMark ? text[encoding.Preamble.Length..] : text), encoding, hasByteOrderMark);
    }

    private static void CheckLength(byte[] content)
    {
        if (content.Length > MaximumBytes)
        {
            throw new InvalidDataException($"it has {content.Length:N0} bytes; {MaximumBytes:N0} are allowed");
        }
    }

    /// <summary>Refuses what is not well-formed, not of this kind, or beyond a limit.</summary>
    private static void Check(string text, string rootName)
    {
        using XmlReader reader = XmlReader.Create(
            new StringReader(text),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaximumBytes,
                CloseInput = true,
            });
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

            if (reader.Depth == 0 && reader.NodeType == XmlNodeType.Element && (reader.Name != rootName || reader.NamespaceURI.Length > 0))
            {
                throw new InvalidDataException(
                    $"its root element is <{reader.Name}>{(reader.NamespaceURI.Length > 0 ? " in a namespace" : null)}, not <{rootName}>");
            }
        }
    }
}
