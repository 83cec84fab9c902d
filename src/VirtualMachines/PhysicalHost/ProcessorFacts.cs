using System.Globalization;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>The host's processors.</summary>
public sealed record ProcessorFacts
{
    private const int MegahertzInGigahertz = 1000;

    /// <summary>How many processors programs see.</summary>
    public required int LogicalCount { get; init; }

    /// <summary>How many sockets are filled.</summary>
    public required int PhysicalCount { get; init; }

    /// <summary>The speed in megahertz; 0 when it is not known.</summary>
    public required int Megahertz { get; init; }

    /// <summary>The maker's own id: "GenuineIntel", "AuthenticAMD".</summary>
    public required string Manufacturer { get; init; }

    /// <summary>The model's full name.</summary>
    public required string Model { get; init; }

    /// <summary>Whether it has MMX.</summary>
    public bool HasMmx { get; init; }

    /// <summary>Whether it has SSE.</summary>
    public bool HasSse { get; init; }

    /// <summary>Whether it has SSE2.</summary>
    public bool HasSse2 { get; init; }

    /// <summary>Whether it has SSE3.</summary>
    public bool HasSse3 { get; init; }

    /// <summary>Whether it has 3DNow!.</summary>
    public bool Has3DNow { get; init; }

    /// <summary>Whether it has 64-bit mode.</summary>
    public bool HasLongMode { get; init; }

    /// <summary>Whether it has Intel's extensions for virtual machines.</summary>
    public bool HasIntelVirtualization { get; init; }

    /// <summary>Whether it has AMD's extensions for virtual machines.</summary>
    public bool HasAmdVirtualization { get; init; }

    /// <summary>Whether it has Intel's trusted execution.</summary>
    public bool HasTrustedExecution { get; init; }

    /// <summary>Whether the extensions for virtual machines are switched on.</summary>
    public bool IsVirtualizationEnabled { get; init; }

    /// <summary>The speed for people: "2.80 GHz", "800 MHz".</summary>
    public string SpeedText => Megahertz >= MegahertzInGigahertz
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)Megahertz / MegahertzInGigahertz:0.00} GHz")
        : string.Create(CultureInfo.InvariantCulture, $"{Megahertz} MHz");

    /// <summary>The features by the contract's words and in its order, separated by commas without blanks.</summary>
    public string FeaturesText
    {
        get
        {
            bool hasVirtualization = HasIntelVirtualization || HasAmdVirtualization;
            (bool Has, string Word)[] features =
            [
                (HasAmdVirtualization, "AMD-V"),
                (HasIntelVirtualization, "Intel VT"),
                (hasVirtualization && !IsVirtualizationEnabled, "HAVD"),
                (hasVirtualization && IsVirtualizationEnabled, "HAVE"),
                (HasMmx, "MMX"),
                (HasSse, "SSE"),
                (HasSse2, "SSE2"),
                (HasSse3, "SSE3"),
                (HasTrustedExecution, "TXTE"),
                (HasLongMode, "x86-64"),
            ];
            return string.Join(',', features.Where(feature => feature.Has).Select(feature => feature.Word));
        }
    }
}
