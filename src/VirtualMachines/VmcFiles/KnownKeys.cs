using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// The table of known keys: type, range, default and meaning of the values that this product reads, or that the Windows Virtual PC
/// reference names. Other keys are allowed everywhere; nothing is known of their values. docs/machines.md shows <see cref="Machine"/> row
/// by row.
/// </summary>
public sealed class KnownKeys
{
    /// <summary>The keys of a machine's .vmc file, without those of providers.</summary>
    public static KnownKeys Machine { get; } = new(MachineKeyTable.Rows);

    /// <summary>Makes a table.</summary>
    /// <param name="rows">Its rows; the first that stands for a path counts.</param>
    internal KnownKeys(IEnumerable<KnownKey> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = [.. rows];
    }

    /// <summary>All rows.</summary>
    internal IReadOnlyList<KnownKey> Rows { get; }

    /// <summary>This table with the rows of another one below it.</summary>
    /// <param name="rows">The keys of a provider, say.</param>
    public KnownKeys With(IEnumerable<KnownKey> rows) => new([.. Rows, .. rows]);

    /// <summary>Finds the row of a key.</summary>
    /// <param name="key">The path of a value.</param>
    /// <param name="row">The row.</param>
    /// <returns>False when nothing is known of the key.</returns>
    internal bool TryFind(string? key, [NotNullWhen(true)] out KnownKey? row)
    {
        row = ValuePath.TryParse(key, out ValuePath? path) ? Rows.FirstOrDefault(known => known.Matches(path)) : null;
        return row is not null;
    }

    /// <summary>
    /// Makes a value of a text that a person gave for a key. A known key has its type. Another one has the type that is given, or else the
    /// one that the text looks
    /// like: <c>true</c> and <c>false</c> are booleans, a decimal number of 32 bits is an integer, and all else is a string.
    /// </summary>
    /// <param name="key">The path of the value.</param>
    /// <param name="type">The type that the person named, or null.</param>
    /// <param name="text">The text.</param>
    /// <returns>An <see cref="int"/>, <see cref="uint"/>, <see cref="string"/>, <see cref="bool"/> or byte array.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: the key is malformed, or cannot have that value; the text says what it takes.
    /// </exception>
    public object ReadValue(string key, ConfigurationValueType? type, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _ = ValuePath.Parse(key);
        if (!TryFind(key, out KnownKey? row))
        {
            ConfigurationValueType chosen = type ?? Guess(text);
            return ValueText.TryRead(chosen, text, out object? value)
                ? value
                : throw Refused(
                    $"'{key}' cannot be '{KnownKey.Shortened(text)}': that is no value of the type {ValueText.NameOf(chosen)}.");
        }

        if (type is { } wanted && wanted != row.Type)
        {
            throw Refused($"'{key}' is of the type {ValueText.NameOf(row.Type)}, not {ValueText.NameOf(wanted)}: it takes {row.Range}.");
        }

        return ValueText.TryRead(row.Type, text, out object? known) && row.Allows(known) ? known : throw Refused(row.Refuse(key, text));
    }

    /// <summary>A number with a zero before it is none: the zero, which somebody wrote on purpose, would be lost.</summary>
    private static ConfigurationValueType Guess(string text)
    {
        if (ValueText.TryRead(ConfigurationValueType.Flag, text, out _))
        {
            return ConfigurationValueType.Flag;
        }

        return ValueText.TryRead(ConfigurationValueType.Number, text, out object? number) && ValueText.Of(number) == text
            ? ConfigurationValueType.Number
            : ConfigurationValueType.Text;
    }

    private static VirtualMachineException Refused(string text) => new(VirtualMachineError.InvalidArgument, text);
}
