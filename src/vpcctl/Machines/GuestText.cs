namespace VpcComApi.CommandLine.Machines;

/// <summary>What a guest says of itself, put together for a person.</summary>
internal static class GuestText
{
    /// <summary>The system's name with its version, which some systems have in the name already.</summary>
    public static string OperatingSystem(string name, string version) =>
        name.Contains(version, StringComparison.OrdinalIgnoreCase) ? name : $"{name} {version}";
}
