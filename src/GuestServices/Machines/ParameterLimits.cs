using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines;

/// <summary>What a guest keeps of parameters, whatever its store.</summary>
internal static class ParameterLimits
{
    /// <summary>Parameters in all.</summary>
    public const int MaxParameters = BoardWrite.MaxParameters;

    /// <summary>Characters in a value. An answer with such a value fits one message, however its characters are escaped.</summary>
    public const int MaxValueLength = BoardWrite.MaxValueLength;

    /// <summary>Whether a name is one: 1 to 255 characters, no backslash, which would lead into another registry key.</summary>
    /// <param name="name">The name.</param>
    public static bool IsName([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? name) =>
        name?.Length is > 0 and <= IntegrationProtocol.MaxParameterNameLength && !name.Contains('\\');

    /// <summary>Whether a value can be kept.</summary>
    /// <param name="value">The value.</param>
    public static bool IsValue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? value) => value?.Length <= MaxValueLength;
}
