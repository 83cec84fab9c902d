namespace VpcComApi.VpcBus.Integration;

/// <summary>
/// Guest to host: information about the guest. Sent first, and again when something has changed. Texts, in the form of the COM contract.
/// </summary>
/// <remarks>
/// Optional properties have a setter and are not init-only: the generated reader sets an init-only property to null when it is missing.
/// </remarks>
public sealed record GuestFacts : IntegrationMessage
{
    /// <summary>The guest's name in its network.</summary>
    public string ComputerName { get; set; } = "";

    /// <summary>The full name of the system, with its edition.</summary>
    public string OSName { get; set; } = "";

    /// <summary>The version as the system formats it.</summary>
    public string OSVersion { get; set; } = "";

    /// <summary>The first part of the version.</summary>
    public string OSMajorVersion { get; set; } = "";

    /// <summary>The second part of the version.</summary>
    public string OSMinorVersion { get; set; } = "";

    /// <summary>The build.</summary>
    public string OSBuildNumber { get; set; } = "";

    /// <summary>The platform: <c>2</c> for every Windows of the NT family.</summary>
    public string OSPlatformId { get; set; } = "";

    /// <summary>The service pack's name, empty when there is none.</summary>
    public string CsdVersion { get; set; } = "";

    /// <summary>The service pack's first number.</summary>
    public string ServicePackMajor { get; set; } = "";

    /// <summary>The service pack's second number.</summary>
    public string ServicePackMinor { get; set; } = "";

    /// <summary>The suites as a hex mask of eight digits, such as <c>0x00000010</c>.</summary>
    public string SuiteMask { get; set; } = "";

    /// <summary>The product type as hex of seven digits: <c>0x0000001</c> workstation, 2 domain controller, 3 server.</summary>
    public string ProductType { get; set; } = "";

    /// <summary>The version of the integration components.</summary>
    public string ComponentsVersion { get; set; } = "";

    /// <summary>Whether the screen is locked.</summary>
    public bool ScreenLocked { get; init; }

    /// <summary>Whether remote desktop can be used; null while that is not known.</summary>
    public bool? TerminalServicesInitialized { get; init; }

    /// <summary>Whether several users may have sessions at once; null while that is not known.</summary>
    public bool? MultipleUserSessionsAllowed { get; init; }

    /// <summary>The remote desktop port, 0 when there is none; null while that is not known.</summary>
    public int? TerminalServerPort { get; init; }

    /// <summary>What the guest can do; see <see cref="IntegrationCapabilities"/>.</summary>
    public IReadOnlyList<string> Capabilities { get; set; } = [];

    /// <summary>Whether the guest can do something.</summary>
    public bool Can(string capability) => Capabilities.Contains(capability, StringComparer.Ordinal);
}
