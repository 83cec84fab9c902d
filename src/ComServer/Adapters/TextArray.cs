using System.Reflection;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>
/// Arrays of texts in a VARIANT. They go out as VT_ARRAY|VT_VARIANT from index 0, because VBScript can read the elements of no other array;
/// they are taken in every form that automation has.
/// </summary>
internal static class TextArray
{
    /// <summary>Makes the array that a client gets.</summary>
    /// <param name="texts">The texts.</param>
    public static object?[] Of(IEnumerable<string> texts) => [.. texts];

    /// <summary>Reads the array that a client gave.</summary>
    /// <param name="value">The VARIANT's content.</param>
    /// <param name="member">The member, as scripts write it.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.InvalidArgument"/>: it is no array of texts.</exception>
    public static IReadOnlyList<string> Read(object? value, string member) => value switch
    {
        string[] texts => texts,
        object?[] objects when objects.All(element => element is string) => [.. objects.Cast<string>()],
        _ => throw new VirtualMachineException(
            VirtualMachineError.InvalidArgument, $"{member}: the argument must be an array of strings, each an absolute path."),
    };

    /// <summary>Reads an array that may be left out: Empty, Null, or nothing at all.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<string> ReadOptional(object? value, string member) =>
        value is null or DBNull or Missing ? [] : Read(value, member);
}
