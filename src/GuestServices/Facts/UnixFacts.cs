using System.Runtime.InteropServices;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Facts;

/// <summary>Linux: the distribution's name from os-release, the kernel's version from uname.</summary>
internal sealed class UnixFacts : IOperatingSystemFacts
{
    private const string NameKey = "PRETTY_NAME=";
    private const int MaxReleaseLines = 256;

    private static readonly string[] ReleaseFiles = ["/etc/os-release", "/usr/lib/os-release"];

    /// <inheritdoc/>
    /// <remarks>The locked screen of the contract does not exist for a Linux guest.</remarks>
    public bool IsScreenLocked => false;

    /// <inheritdoc/>
    public GuestFacts Read()
    {
        Version kernel = Environment.OSVersion.Version;
        return new GuestFacts
        {
            ComputerName = Environment.MachineName,
            OSName = DistributionName() ?? RuntimeInformation.OSDescription,
            OSVersion = RuntimeInformation.OSDescription,
            OSMajorVersion = FactText.Number(kernel.Major),
            OSMinorVersion = FactText.Number(kernel.Minor),
            OSBuildNumber = FactText.Number(kernel.Build),
            OSPlatformId = FactText.PlatformId,
            CsdVersion = string.Empty,
            ServicePackMajor = FactText.Number(0),
            ServicePackMinor = FactText.Number(0),
            SuiteMask = FactText.SuiteMask(0),
            ProductType = FactText.ProductType(FactText.Server),
            ScreenLocked = IsScreenLocked,
            TerminalServicesInitialized = false,
            MultipleUserSessionsAllowed = false,
            TerminalServerPort = 0,
        };
    }

    /// <summary>Reads a distribution's name from the lines of an os-release file.</summary>
    /// <param name="lines">The file's lines.</param>
    /// <returns>The name without its quotes, or null when there is none.</returns>
    internal static string? NameIn(IEnumerable<string> lines)
    {
        string? line = lines.Take(MaxReleaseLines).FirstOrDefault(line => line.StartsWith(NameKey, StringComparison.Ordinal));
        string? name = line?[NameKey.Length..].Trim().Trim('"', '\'');
        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static string? DistributionName()
    {
        foreach (string file in ReleaseFiles)
        {
            try
            {
                if (NameIn(File.ReadLines(file)) is { } name)
                {
                    return name;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A small system may have none.
            }
        }

        return null;
    }
}
