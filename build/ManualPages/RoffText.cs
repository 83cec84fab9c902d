using System.Text;
using System.Text.RegularExpressions;

namespace VpcComApi.ManualPages;

/// <summary>Texts in roff, the language of manual pages.</summary>
internal static partial class RoffText
{
    private const string Bold = @"\fB";
    private const string Italic = @"\fI";
    private const string Roman = @"\fR";

    /// <summary>Source lines of text are not longer: mandoc finds fault with it.</summary>
    private const int LongestLine = 80;

    /// <summary>What is typed as it stands: every hyphen is one that can be copied.</summary>
    public static string Literal(string text) => Escape(text).Replace("-", @"\-", StringComparison.Ordinal);

    /// <summary>In bold, what is typed as it stands.</summary>
    public static string LiteralBold(string text) => Bold + Literal(text) + Roman;

    /// <summary>In italics, what stands for something else.</summary>
    public static string Placeholder(string text) => Italic + Literal(text) + Roman;

    /// <summary>Plain text of a description: options and paths in it can be copied.</summary>
    public static string Plain(string text) => WordWithHyphens.Replace(Escape(text), match => match.Value.Replace("-", @"\-"));

    /// <summary>Markdown as it is in the cells and paragraphs of docs: code and strong text are bold, a link is its text.</summary>
    public static string Markdown(string text)
    {
        StringBuilder roff = new();
        int done = 0;
        foreach (Match match in Marked.Matches(text))
        {
            roff.Append(Plain(text[done..match.Index]));
            roff.Append(match switch
            {
                _ when match.Groups["code"].Success => LiteralBold(match.Groups["code"].Value),
                _ when match.Groups["strong"].Success => LiteralBold(match.Groups["strong"].Value),
                _ when match.Groups["link"].Success => Markdown(match.Groups["link"].Value),
                _ => Placeholder(match.Groups["emphasis"].Value),
            });
            done = match.Index + match.Length;
        }

        return roff.Append(Plain(text[done..])).ToString();
    }

    /// <summary>Text in lines of moderate length, none of which is taken for a request.</summary>
    /// <param name="text">Text in roff, without line ends.</param>
    public static IEnumerable<string> Lines(string text)
    {
        StringBuilder line = new();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + word.Length >= LongestLine)
            {
                yield return Protect(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : string.Empty).Append(word);
        }

        if (line.Length > 0)
        {
            yield return Protect(line.ToString());
        }
    }

    /// <summary>A line that is shown as it is.</summary>
    public static string ExampleLine(string line) => Protect(Literal(line));

    /// <summary>An argument of a request.</summary>
    public static string Quoted(string text) => $"\"{text}\"";

    /// <summary>A line that begins with a dot or an apostrophe is a request, unless something stands before.</summary>
    private static string Protect(string line) => line.StartsWith('.') || line.StartsWith('\'') ? @"\&" + line : line;

    private static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in text)
        {
            // What a typewriter has, as itself: formatters make typographic signs of them.
            escaped.Append(character switch
            {
                '\\' => @"\e",
                '\'' => @"\(aq",
                '"' => @"\(dq",
                '`' => @"\(ga",
                '^' => @"\(ha",
                '~' => @"\(ti",
                <= '~' => character.ToString(),
                _ => $@"\[u{(int)character:X4}]",
            });
        }

        return escaped.ToString();
    }

    [GeneratedRegex(@"(?<![^\s(\[])(-\S+|\S*/\S*)", RegexOptions.CultureInvariant)]
    private static partial Regex WordWithHyphens { get; }

    [GeneratedRegex(
        @"`(?<code>[^`]+)`|\*\*(?<strong>[^*]+)\*\*|\*(?<emphasis>[^*]+)\*|\[(?<link>[^\]]+)\]\([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Marked { get; }
}
