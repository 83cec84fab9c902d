namespace VpcComApi.ChannelBench;

/// <summary>The product's programs as another revision of the repository makes them, measured in the same rounds as today's.</summary>
/// <param name="Name">The revision.</param>
/// <param name="Programs">The folder of its programs.</param>
internal sealed record OtherRevision(string Name, string Programs)
{
    /// <summary>Its name in the tables.</summary>
    public string Subject => $"product at {Name}";

    /// <summary>Reads <c>REVISION=FOLDER</c>.</summary>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static OtherRevision Parse(string text) => text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } folder]
        ? new OtherRevision(name, Path.GetFullPath(folder))
        : throw new FormatException($"--against wants REVISION=FOLDER, not '{text}'.");
}
