using System.Text.RegularExpressions;

namespace VpcComApi.ManualPages;

/// <summary>A page in docs, of which parts can be taken. A part that is not there is an error: the page has changed.</summary>
internal sealed partial class DocumentationPage
{
    private const string Fence = "```";

    private readonly string path;
    private readonly string[] lines;

    private DocumentationPage(string path)
    {
        this.path = path;
        lines = File.ReadAllLines(path);
    }

    /// <summary>Reads a page.</summary>
    /// <param name="path">The Markdown file.</param>
    public static DocumentationPage Read(string path) => new(path);

    /// <summary>The first paragraph below a heading, as one line of Markdown.</summary>
    /// <param name="heading">The heading's text.</param>
    public string FirstParagraph(string heading) => string.Join(
        ' ', Section(heading).SkipWhile(string.IsNullOrWhiteSpace).TakeWhile(line => !string.IsNullOrWhiteSpace(line)));

    /// <summary>The lines of the first code block below a heading.</summary>
    /// <param name="heading">The heading's text.</param>
    public IReadOnlyList<string> FirstCodeBlock(string heading) => NotEmpty(
        [.. Section(heading).SkipWhile(line => line != Fence).Skip(1).TakeWhile(line => line != Fence)], heading);

    /// <summary>
    /// The rows of the first table below a heading whose first column is of a name: the first cell, and the others with the names of their
    /// columns where there are more than two.
    /// </summary>
    /// <param name="heading">The heading's text.</param>
    /// <param name="firstColumn">The name of the first column.</param>
    public IReadOnlyList<(string Term, string Meaning)> Table(string heading, string firstColumn)
    {
        string[] table =
        [
            .. Section(heading).SkipWhile(line => !line.StartsWith($"| {firstColumn} |", StringComparison.Ordinal))
                .TakeWhile(line => line.StartsWith('|')),
        ];
        string[] columns = [.. table.Take(1).SelectMany(Cells)];
        return NotEmpty([.. table.Skip(2).Select(Cells).Select(cells => (cells[0], MeaningOf(columns, cells)))], heading);
    }

    private static string MeaningOf(string[] columns, string[] cells) => string.Join(
        "; ", cells[1..].Select((cell, index) => index == 0 ? cell : $"{columns[index + 1]}: {cell}"));

    private static string[] Cells(string row) =>
        [.. CellBorder.Split(row).Skip(1).SkipLast(1).Select(cell => cell.Trim().Replace(@"\|", "|", StringComparison.Ordinal))];

    /// <summary>What stands below a heading, up to the next one of its level or above.</summary>
    private IEnumerable<string> Section(string heading)
    {
        int level = 0;
        bool isCode = false;
        foreach (string line in lines)
        {
            isCode ^= line.StartsWith(Fence, StringComparison.Ordinal);
            int here = isCode ? 0 : line.Length - line.TrimStart('#').Length;
            if (level > 0 && here > 0 && here <= level)
            {
                yield break;
            }

            if (level > 0)
            {
                yield return line;
            }
            else if (here > 0 && line.AsSpan(here).Trim().SequenceEqual(heading))
            {
                level = here;
            }
        }

        if (level == 0)
        {
            throw new InvalidDataException($"{path} has no heading \"{heading}\".");
        }
    }

    private T[] NotEmpty<T>(T[] found, string heading) =>
        found.Length > 0 ? found : throw new InvalidDataException($"{path} does not have under \"{heading}\" what the manual page shows.");

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.CultureInvariant)]
    private static partial Regex CellBorder { get; }
}
