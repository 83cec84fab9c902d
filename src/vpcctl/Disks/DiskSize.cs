using System.Globalization;

namespace VpcComApi.CommandLine.Disks;

/// <summary>A disk's size as a person types it: a number and a unit, such as 20G, 512M or 1.44M.</summary>
internal static class DiskSize
{
    /// <summary>The unit that hard disks are made in.</summary>
    public const long Megabyte = 1L << 20;

    private const long Kilobyte = 1L << 10;

    private static readonly (string Name, long Bytes)[] Units =
    [
        ("K", Kilobyte), ("M", Megabyte), ("G", 1L << 30), ("T", 1L << 40),
    ];

    /// <summary>Reads a size.</summary>
    /// <returns>Bytes.</returns>
    /// <exception cref="FormatException">It is something else; the message says what is expected.</exception>
    public static long Parse(string text)
    {
        string plain = text.ToUpperInvariant();
        plain = plain.EndsWith("IB", StringComparison.Ordinal) ? plain[..^2] : plain.EndsWith('B') ? plain[..^1] : plain;
        foreach ((string name, long bytes) in Units)
        {
            if (plain.EndsWith(name, StringComparison.Ordinal)
                && decimal.TryParse(plain[..^1].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                && number is > 0 and < 1_000_000_000)
            {
                return (long)(number * bytes);
            }
        }

        throw new FormatException($"\"{text}\" is not a size: a number and one of K, M, G and T, such as 20G or 512M.");
    }
}
