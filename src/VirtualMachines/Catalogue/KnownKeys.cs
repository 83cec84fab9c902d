using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>
/// The table of known keys: type, range, default and meaning of the values that this product reads, or that the Windows Virtual PC reference names. Other keys are
/// allowed everywhere; nothing is known of their values. docs/machines.md shows <see cref="Machine"/> row by row.
/// </summary>
public sealed class KnownKeys
{
    /// <summary>The keys of a machine's .vmc file, without those of providers.</summary>
    public static KnownKeys Machine { get; } = new(MachineKeyTable.Rows);

    /// <summary>Makes a table.</summary>
    /// <param name="rows">Its rows; the first that stands for a path counts.</param>
    public KnownKeys(IEnumerable<KnownKey> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = [.. rows];
    }

    /// <summary>All rows.</summary>
    public IReadOnlyList<KnownKey> Rows { get; }

    /// <summary>This table with the rows of another one below it.</summary>
    /// <param name="rows">The keys of a provider, say.</param>
    public KnownKeys With(IEnumerable<KnownKey> rows) => new([.. Rows, .. rows]);

    /// <summary>Finds the row of a key.</summary>
    /// <param name="key">The path of a value.</param>
    /// <param name="row">The row.</param>
    /// <returns>False when nothing is known of the key.</returns>
    public bool TryFind(string? key, [NotNullWhen(true)] out KnownKey? row)
    {
        row = ValuePath.TryParse(key, out ValuePath? path) ? Rows.FirstOrDefault(known => known.Matches(path)) : null;
        return row is not null;
    }
}
