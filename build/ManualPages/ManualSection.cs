namespace VpcComApi.ManualPages;

/// <summary>A section that comes from a page in docs.</summary>
/// <param name="Title">Its title, in capitals.</param>
internal sealed record ManualSection(string Title)
{
    /// <summary>Terms and what they mean, in Markdown.</summary>
    public IReadOnlyList<(string Term, string Meaning)> Entries { get; init; } = [];

    /// <summary>Lines that are shown as they are.</summary>
    public IReadOnlyList<string> Example { get; init; } = [];
}
