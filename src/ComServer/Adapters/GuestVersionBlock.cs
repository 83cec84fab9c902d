using System.Globalization;
using System.Runtime.InteropServices;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines.Guests;

namespace VpcComApi.ComServer.Adapters;

/// <summary>Writes a guest's facts as GUESTOSVERSIONINFOEX. What a guest says that is no number reads as 0.</summary>
internal static unsafe class GuestVersionBlock
{
    private const int TextLength = 128;
    private const string HexadecimalPrefix = "0x";

    /// <summary>Makes a block of the task allocator, which the caller frees.</summary>
    /// <param name="facts">What the guest says of itself.</param>
    public static nint Allocate(GuestFacts facts)
    {
        GUESTOSVERSIONINFOEX* block = (GUESTOSVERSIONINFOEX*)Marshal.AllocCoTaskMem(sizeof(GUESTOSVERSIONINFOEX));
        *block = new GUESTOSVERSIONINFOEX
        {
            dwOSVersionInfoSize = sizeof(GUESTOSVERSIONINFOEX),
            dwMajorVersion = Number(facts.OSMajorVersion),
            dwMinorVersion = Number(facts.OSMinorVersion),
            dwBuildNumber = Number(facts.OSBuildNumber),
            dwPlatformId = Number(facts.OSPlatformId),
            wServicePackMajor = (short)Number(facts.ServicePackMajor),
            wServicePackMinor = (short)Number(facts.ServicePackMinor),
            wSuiteMask = (short)Number(facts.SuiteMask),
            wProductType = (byte)Number(facts.ProductType),
        };

        // The last unit stays 0 and ends the text.
        facts.CsdVersion.AsSpan(
            0, Math.Min(facts.CsdVersion.Length, TextLength - 1)).CopyTo(new Span<char>(block->szCSDVersion, TextLength));
        return (nint)block;
    }

    private static int Number(string text)
    {
        bool isHexadecimal = text.StartsWith(HexadecimalPrefix, StringComparison.OrdinalIgnoreCase);
        return int.TryParse(
            isHexadecimal ? text.AsSpan(HexadecimalPrefix.Length) : text,
            isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int number)
                ? number
                : 0;
    }
}
