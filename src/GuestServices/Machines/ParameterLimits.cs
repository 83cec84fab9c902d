using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines;

/// <summary>The limits of a guest's parameters, for every kind of store.</summary>
internal static class ParameterLimits
{
    /// <summary>The most parameters.</summary>
    public const int MaxParameters = BoardWrite.MaxParameters;

    /// <summary>Characters in a value. An answer with such a value fits into one message even if all characters are escaped.</summary>
    public const int MaxValueLength = BoardWrite.MaxValueLength;

    /// <summary>Whether a name is valid: 1 to 255 characters without a backslash, which would select another registry key.</summary>
    /// <param name="name">The name.</param>
    public static bool IsName([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? name) =>
        name?.Length is > 0 and <= IntegrationProtocol.MaxParameterNameLength && !name.Contains('\\');

    /// <summary>Whether a value can be stored.</summary>
    /// <param name="value">The value.</param>
    public static bool IsValue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? value) => value?.Length <= MaxValueLength;
}
