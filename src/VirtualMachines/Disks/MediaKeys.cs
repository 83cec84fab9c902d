using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// The two values by which a .vmc file names a file: its absolute path, and its path relative to the .vmc file's folder, in the form of
/// Windows. The form is that of the real files, e.g. http://www.laboratoire-microsoft.org/def/25355.
/// </summary>
/// <param name="element">The element that holds both.</param>
internal readonly struct MediaKeys(string element)
{
    private readonly string absoluteKey = $"{element}/absolute";
    private readonly string relativeKey = $"{element}/relative";

    /// <summary>The key of the absolute path.</summary>
    public string AbsoluteKey => absoluteKey;

    /// <summary>Whether there is a path.</summary>
    /// <param name="values">The configuration.</param>
    public bool HasPath(IReadOnlyValues values) => Text(values, absoluteKey).Length > 0 || Text(values, relativeKey).Length > 0;

    /// <summary>Reads what is in a drive: an image, or a drive of the host.</summary>
    /// <inheritdoc cref="ReadFile"/>
    /// <returns>The image's full path, or the drive as it stands in the file; empty when there is nothing.</returns>
    public string Read(IReadOnlyValues values, string folder) =>
        Text(values, absoluteKey) is var absolute && HostDrive.IsDrive(absolute) ? absolute : ReadFile(values, folder);

    /// <summary>Reads the path of a file.</summary>
    /// <param name="values">The configuration.</param>
    /// <param name="folder">The .vmc file's folder, from which a relative path counts wherever it stands.</param>
    /// <returns>
    /// The full path; empty when there is none. What names no place on this system is answered as a name in the folder, where nothing is.
    /// </returns>
    public string ReadFile(IReadOnlyValues values, string folder)
    {
        string text = Text(values, absoluteKey);
        string? absolute = StoredPath.Resolve(text, folder);
        string? relative = StoredPath.Resolve(Text(values, relativeKey), folder);

        // The machine's folder was moved, or comes from a computer where paths look otherwise.
        if (relative is not null && !File.Exists(absolute) && (text.Length == 0 || File.Exists(relative)))
        {
            return relative;
        }

        return absolute ?? (text.Length == 0 ? string.Empty : Path.Combine(folder, text));
    }

    /// <summary>Writes a path, or takes it out.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="folder">The .vmc file's folder.</param>
    /// <param name="path">The full path or drive letter; empty for none.</param>
    public void Write(XmlValueDocument document, string folder, string path)
    {
        string relative = string.Empty;
        if (path.Length > 0 && Path.IsPathFullyQualified(path))
        {
            string below = Path.GetRelativePath(folder, path);
            bool hasForeignSeparator = !OperatingSystem.IsWindows() && below.Contains('\\', StringComparison.Ordinal);
            relative = Path.IsPathFullyQualified(below) || hasForeignSeparator ? string.Empty : WindowsForm(below);
        }

        document.Set(ValuePath.Parse(absoluteKey), path);
        document.Set(ValuePath.Parse(relativeKey), relative);
    }

    /// <summary>Takes both texts as they are to another element.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="target">The other element.</param>
    public void CopyTo(XmlValueDocument document, MediaKeys target)
    {
        document.Set(ValuePath.Parse(target.absoluteKey), Text(document, absoluteKey));
        document.Set(ValuePath.Parse(target.relativeKey), Text(document, relativeKey));
    }

    private static string WindowsForm(string below)
    {
        string windows = below.Replace(Path.DirectorySeparatorChar, '\\');
        return windows.StartsWith("..", StringComparison.Ordinal) ? windows : @".\" + windows;
    }

    private static string Text(IReadOnlyValues values, string key) =>
        values.TryGetValue(key, out object? value) && value is string text ? text : string.Empty;
}
