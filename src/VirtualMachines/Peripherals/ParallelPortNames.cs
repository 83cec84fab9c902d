namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>The names of a host's parallel ports, <c>LPT1</c> to <c>LPT9</c>.</summary>
internal static class ParallelPortNames
{
    private const string Prefix = "LPT";
    private const char Highest = '9';

    /// <summary>Whether a text names a parallel port of a host, or none.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(string? name) => name is not null && (name.Length == 0
        || (name.Length == Prefix.Length + 1 && name.StartsWith(
            Prefix, StringComparison.OrdinalIgnoreCase) && name[^1] is >= '1' and <= Highest));
}
