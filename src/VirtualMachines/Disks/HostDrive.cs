namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// Names of the host's drives: a letter on Windows, where "D", "D:" and "D:\" are one drive, and the device elsewhere ("/dev/sr0").
/// </summary>
internal static class HostDrive
{
    private const string DeviceFolder = "/dev/";

    /// <summary>Whether a .vmc file's text means a drive of the host, and not an image.</summary>
    /// <param name="text">The text.</param>
    public static bool IsDrive(string text) => Letter(text) is not null || text.StartsWith(DeviceFolder, StringComparison.Ordinal);

    /// <summary>The name that is kept and answered: a bare letter in upper case, or the device.</summary>
    /// <param name="text">What a caller, the system or a .vmc file says.</param>
    public static string Normalize(string text) => Letter(text)?.ToString() ?? text;

    private static char? Letter(string text) =>
        text is { Length: 1 or 2 or 3 } && char.IsAsciiLetter(text[0]) && text[1..] is ("" or ":" or @":\")
        ? char.ToUpperInvariant(text[0])
        : null;
}
