using System.Text;

namespace VpcComApi.EventLogging;

/// <summary>Makes an untrusted text safe for one line of a file or a terminal.</summary>
public static class VisibleText
{
    private const char FirstPicture = '\u2400';
    private const char DeletePicture = '\u2421';
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// Replaces each control character, including line breaks, by its Unicode picture (U+2400 and up). The result is one line and cannot
    /// control the terminal that shows it.
    /// </summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? AppendTo(new StringBuilder(text.Length), text).ToString() : text;

    internal static StringBuilder AppendTo(StringBuilder line, ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            line.Append(c switch
            {
                < ' ' => (char)(FirstPicture + c),
                '\u007F' => DeletePicture,
                _ when char.IsControl(c) => Replacement,
                _ => c,
            });
        }

        return line;
    }
}
