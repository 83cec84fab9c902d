namespace VpcComApi.VirtualMachines.Guests;

/// <summary>What a running guest says of itself. The contract gives numbers as text; so does this.</summary>
public sealed record GuestFacts
{
    /// <summary>The guest's own name.</summary>
    public required string ComputerName { get; init; }

    /// <summary>Full name of the operating system, with edition.</summary>
    public required string OSName { get; init; }

    /// <summary>The whole version, such as <c>5.1.2600</c>.</summary>
    public required string OSVersion { get; init; }

    /// <summary>Major version.</summary>
    public required string OSMajorVersion { get; init; }

    /// <summary>Minor version.</summary>
    public required string OSMinorVersion { get; init; }

    /// <summary>Build number.</summary>
    public required string OSBuildNumber { get; init; }

    /// <summary>Always <c>2</c> by the contract.</summary>
    public required string OSPlatformId { get; init; }

    /// <summary>Service pack text; empty when there is none.</summary>
    public required string CsdVersion { get; init; }

    /// <summary>Service pack, major.</summary>
    public required string ServicePackMajor { get; init; }

    /// <summary>Service pack, minor.</summary>
    public required string ServicePackMinor { get; init; }

    /// <summary>A mask of eight hexadecimal digits, such as <c>0x00000010</c>.</summary>
    public required string SuiteMask { get; init; }

    /// <summary><c>0x0000001</c> workstation, <c>0x0000002</c> domain controller, <c>0x0000003</c> server.</summary>
    public required string ProductType { get; init; }

    /// <summary>Whether the guest's screen is locked.</summary>
    public required bool ScreenLocked { get; init; }

    /// <summary>Whether remote desktop is usable, or null while the guest does not know.</summary>
    public required bool? TerminalServicesInitialized { get; init; }

    /// <summary>Whether several users may be logged on, or null while the guest does not know.</summary>
    public required bool? MultipleUserSessionsAllowed { get; init; }

    /// <summary>The remote desktop port, 0 for none, or null while the guest does not know.</summary>
    public required int? TerminalServerPort { get; init; }
}
