using System.Globalization;
using System.Text;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Between the text of an XML file and what it means: references and line ends.</summary>
internal static class XmlSourceEscapes
{
    /// <summary>
    /// What a text means. It is of a well-formed file without a document type, so it has no other references than the five and numbers.
    /// </summary>
    /// <param name="source">The text as it stands in the file.</param>
    public static string Decode(ReadOnlySpan<char> source)
    {
        if (!source.ContainsAny('&', '\r'))
        {
            return source.ToString();
        }

        StringBuilder text = new(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            switch (source[i])
            {
                case '&':
                    int end = i + source[i..].IndexOf(';');
                    text.Append(Meaning(source[(i + 1)..end]));
                    i = end;
                    break;
                case '\r':
                    // A line end of Windows, or one of old, is a line feed to every reader.
                    text.Append('\n');
                    i += i + 1 < source.Length && source[i + 1] == '\n' ? 1 : 0;
                    break;
                default:
                    text.Append(source[i]);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>What a text without references means: each line end is a line feed.</summary>
    /// <param name="source">The text as it stands in the file.</param>
    public static string FoldLineEnds(string source) => source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>
    /// How a text stands in a file. A carriage return becomes a reference, because a reader turns a bare one into a line feed.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="lineEnd">The file's line end.</param>
    public static string Encode(string text, string lineEnd) => new StringBuilder(text)
        .Replace("&", "&amp;")
        .Replace("<", "&lt;")
        .Replace(">", "&gt;")
        .Replace("\r", "&#xD;")
        .Replace("\n", lineEnd)
        .ToString();

    private static string Meaning(ReadOnlySpan<char> reference) => reference switch
    {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        ['#', 'x', .. var digits] => Character(digits, NumberStyles.AllowHexSpecifier),
        ['#', .. var digits] => Character(digits, NumberStyles.None),
        _ => throw new InvalidDataException($"it has a reference to something undeclared, '{reference}'"),
    };

    private static string Character(ReadOnlySpan<char> digits, NumberStyles style) =>
        new Rune(int.Parse(digits, style, CultureInfo.InvariantCulture)).ToString();
}
