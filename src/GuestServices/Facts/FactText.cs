using System.Globalization;

namespace VpcComApi.GuestServices.Facts;

/// <summary>The COM contract's text forms of numbers.</summary>
internal static class FactText
{
    /// <summary>The platform id that the contract always has.</summary>
    public const string PlatformId = "2";

    /// <summary>VER_NT_WORKSTATION.</summary>
    public const int Workstation = 1;

    /// <summary>VER_NT_SERVER.</summary>
    public const int Server = 3;

    /// <summary>VER_SUITE_TERMINAL: set in every answer.</summary>
    public const int TerminalSuite = 0x10;

    /// <summary>A number in decimal digits.</summary>
    public static string Number(int value) => Math.Max(value, 0).ToString(CultureInfo.InvariantCulture);

    /// <summary>A suite mask: eight digits.</summary>
    public static string SuiteMask(int suites) => $"0x{suites | TerminalSuite:x8}";

    /// <summary>A product type: seven digits.</summary>
    public static string ProductType(int type) => $"0x{type:x7}";
}
