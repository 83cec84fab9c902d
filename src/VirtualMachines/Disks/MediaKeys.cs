using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// The two values by which a .vmc file names a file: its absolute path, and its path relative to the .vmc file's folder, in the form of Windows. The form is that of
/// the real files, e.g. http://www.laboratoire-microsoft.org/def/25355.
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

    /// <summary>Reads the path.</summary>
    /// <param name="values">The configuration.</param>
    /// <param name="folder">The .vmc file's folder.</param>
    /// <returns>The full path or drive letter; empty when there is none.</returns>
    public string Read(IReadOnlyValues values, string folder)
    {
        string absolute = Text(values, absoluteKey);
        string relative = Text(values, relativeKey);
        if (relative.Length > 0 && (absolute.Length == 0 || !File.Exists(absolute)))
        {
            // The machine's folder was moved, or comes from a computer where paths look otherwise.
            string moved = Path.GetFullPath(Path.Combine(folder, relative.Replace('\\', Path.DirectorySeparatorChar)));
            if (absolute.Length == 0 || File.Exists(moved))
            {
                return moved;
            }
        }

        return absolute;
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

    private static string WindowsForm(string below)
    {
        string windows = below.Replace(Path.DirectorySeparatorChar, '\\');
        return windows.StartsWith("..", StringComparison.Ordinal) ? windows : @".\" + windows;
    }

    private static string Text(IReadOnlyValues values, string key) => values.TryGetValue(key, out object? value) && value is string text ? text : string.Empty;
}
