namespace VpcComApi.GuestServices.Hosting;

/// <summary>
/// The folders of the guest service's files in a machine with an operating system of its own. systemd passes their names in environment
/// variables.
/// </summary>
internal static class GuestFolders
{
    /// <summary>The folder of the log files.</summary>
    public static string Logs => OperatingSystem.IsWindows()
        ? Path.Combine(ProgramData, "Logs")
        : FromSystemd("LOGS_DIRECTORY") ?? Path.Combine(Private, "logs");

    /// <summary>The file that keeps the guest's parameters where there is no registry.</summary>
    public static string ParameterFile => Path.Combine(FromSystemd("STATE_DIRECTORY") ?? Private, "parameters.json");

    private static string ProgramData =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "Virtual PC Guest");

    /// <summary>The folder of a console program, to which no systemd unit has assigned folders.</summary>
    private static string Private => Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
        ? "/var/lib/vmsrvc"
        : Path.Combine(
            Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "vmsrvc");

    private static string? FromSystemd(string variable)
    {
        // systemd separates several folders by colons; our unit has one.
        string? folder = Environment.GetEnvironmentVariable(variable)?.Split(':')[0];
        return string.IsNullOrEmpty(folder) ? null : folder;
    }
}
