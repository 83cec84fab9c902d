namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>
/// The contract's checks of a path, which come before the file system is asked. On Linux a path from the root is absolute.
/// </summary>
internal static class PathRules
{
    /// <summary>Paths have fewer characters than this, their file's name included.</summary>
    public const int TooLong = 260;

    /// <summary>How the system compares the names of files.</summary>
    public static StringComparer FileNameComparer { get; } = OperatingSystem.IsWindows()
        ? StringComparer.OrdinalIgnoreCase
        : StringComparer.Ordinal;

    private const string IllegalEverywhere = "*?<>|\":";

    /// <summary>Checks a path: empty or relative, then illegal characters, then its length.</summary>
    /// <param name="path">The path.</param>
    /// <returns>The path in its plain form, without <c>.</c> and <c>..</c>.</returns>
    /// <exception cref="VirtualMachineException">The refusal.</exception>
    public static string Check(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || !Path.IsPathFullyQualified(path))
        {
            throw new VirtualMachineException(
                VirtualMachineError.BadPathName, $"'{path}' is not an absolute path. Give the path from its root on.");
        }

        // The colon of a drive is no illegal character; a separator of the other system is one.
        string checkedPart = OperatingSystem.IsWindows() && path.Length >= 2 && path[1] == ':' ? path[2..] : path;
        char foreignSeparator = OperatingSystem.IsWindows() ? '/' : '\\';
        if (checkedPart.Any(c => IllegalEverywhere.Contains(c, StringComparison.Ordinal) || c == foreignSeparator || char.IsControl(c)))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidPathName,
                $"The path '{path}' holds an illegal character, one of * ? : < > {foreignSeparator} | \" or a control character.");
        }

        string full = Path.GetFullPath(path);
        CheckLength(full);
        return full;
    }

    /// <summary>Checks a path's length.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.PathTooLong"/>.</exception>
    public static void CheckLength(string path)
    {
        if (path.Length >= TooLong)
        {
            throw new VirtualMachineException(
                VirtualMachineError.PathTooLong, $"The path '{path}' has {path.Length} characters; fewer than {TooLong} are allowed.");
        }
    }
}
