using System.Text.RegularExpressions;

namespace VpcComApi.ComServer.Verification;

/// <summary>Replaces what names a user or a machine in a text by words that say what stood there.</summary>
internal sealed partial class ReportRedaction
{
    private const string User = "<user>";
    private const string Machine = "<machine>";

    private readonly (Regex Pattern, string Replacement)[] replacements;

    /// <summary>Takes the names.</summary>
    /// <param name="names">What is replaced, and by what. Empty texts are passed over; a longer text goes before a shorter one.</param>
    public ReportRedaction(IEnumerable<(string Text, string Replacement)> names) => replacements =
    [
        .. names
            .Where(name => !string.IsNullOrWhiteSpace(name.Text))
            .OrderByDescending(name => name.Text.Length)
            .Select(name => (WholeWord(name.Text), name.Replacement)),
    ];

    /// <summary>The names of this user and this machine.</summary>
    public static ReportRedaction OfThisMachine => new(
    [
        (Path.TrimEndingDirectorySeparator(Path.GetTempPath()), "%TEMP%"),
        (Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "%LOCALAPPDATA%"),
        (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "%USERPROFILE%"),
        (Environment.UserName, User),
        (Environment.UserDomainName, Machine),
        (Environment.MachineName, Machine),
    ]);

    /// <summary>Replaces the names, as whole words in any case, and every security identifier of a user.</summary>
    public string Apply(string text)
    {
        foreach ((Regex pattern, string replacement) in replacements)
        {
            text = pattern.Replace(text, replacement.Replace("$", "$$", StringComparison.Ordinal));
        }

        return UserIdentifier.Replace(text, "<SID>");
    }

    private static Regex WholeWord(string text) => new(
        $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(text)}(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Identifiers of a domain's or a machine's accounts. The well-known ones, such as that of Everyone, name nobody.</summary>
    [GeneratedRegex(@"S-1-(5-21|12-1)(-\d+)+", RegexOptions.IgnoreCase)]
    private static partial Regex UserIdentifier { get; }
}
