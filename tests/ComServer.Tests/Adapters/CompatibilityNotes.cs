namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>The notes of docs/compatibility.txt, one for each member and event of the contract.</summary>
internal sealed class CompatibilityNotes
{
    private const char FieldSeparator = '|';
    private const char CommentMark = '#';
    private const int FieldCount = 4;

    private readonly Dictionary<string, CompatibilityNote> notes = [];
    private readonly List<string> faults = [];

    /// <summary>Reads them.</summary>
    /// <param name="lines">The file's lines.</param>
    public CompatibilityNotes(IEnumerable<string> lines)
    {
        foreach (string line in lines.Where(line => line.Length > 0 && line[0] != CommentMark))
        {
            string[] fields = [.. line.Split(FieldSeparator).Select(field => field.Trim())];
            if (fields.Length != FieldCount || fields[..^1].Any(field => field.Length == 0))
            {
                faults.Add($"no entry: {line}");
            }
            else if (!notes.TryAdd(fields[0], new CompatibilityNote(fields[1], fields[2], fields[3])))
            {
                faults.Add($"twice: {fields[0]}");
            }
        }
    }

    /// <summary>The lines that are not notes, or that occur twice.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>The entries that have a note.</summary>
    public IReadOnlyCollection<string> Keys => notes.Keys;

    /// <summary>The note of an entry.</summary>
    /// <param name="key">The entry's key.</param>
    public CompatibilityNote this[string key] => notes.GetValueOrDefault(key, new CompatibilityNote("", "", ""));
}
