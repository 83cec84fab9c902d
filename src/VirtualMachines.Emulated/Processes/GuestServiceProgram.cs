namespace VpcComApi.VirtualMachines.Emulated.Processes;

/// <summary>Finds the guest service's program.</summary>
internal static class GuestServiceProgram
{
    private static string FileName => OperatingSystem.IsWindows() ? "vmsrvc.exe" : "vmsrvc";

    /// <summary>The program's full path.</summary>
    /// <param name="configuredPath">The configured path, or null.</param>
    /// <exception cref="VirtualMachineException">There is no such program; the text contains the paths that were searched.</exception>
    public static string Find(string? configuredPath)
    {
        if (configuredPath is not null)
        {
            return File.Exists(configuredPath)
                ? Path.GetFullPath(configuredPath)
                : throw new VirtualMachineException(
                    VirtualMachineError.ProviderFailed,
                    $"The guest service '{configuredPath}' does not exist. Correct its configured path.");
        }

        string beside = Path.Combine(AppContext.BaseDirectory, FileName);
        string? named = Environment.GetEnvironmentVariable(EmulatedMachineOptions.GuestServiceVariable);
        return File.Exists(beside) ? beside
            : !string.IsNullOrEmpty(named) && File.Exists(named) ? Path.GetFullPath(named)
            : throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed,
                $"The guest service {FileName} is neither in {AppContext.BaseDirectory}"
                + $" nor at the path in {EmulatedMachineOptions.GuestServiceVariable}"
                + $" ({(string.IsNullOrEmpty(named) ? "it is not set" : $"'{named}'")})."
                + " Reinstall the product, or set that variable to the full path.");
    }
}
