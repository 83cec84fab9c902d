using System.Globalization;

namespace VpcComApi.VirtualMachines.Qemu.Programs;

/// <summary>A version of QEMU.</summary>
/// <param name="Major">The first number.</param>
/// <param name="Minor">The second number.</param>
internal readonly record struct QemuVersion(int Major, int Minor) : IComparable<QemuVersion>
{
    /// <summary>The oldest supported version. Older ones were never tried.</summary>
    public static readonly QemuVersion Oldest = new(7, 0);

    /// <summary>The first one whose network cards can be connected to a socket of this process (<c>-netdev stream</c>).</summary>
    public static readonly QemuVersion WithStreamNetwork = new(7, 2);

    private const string Introduction = "QEMU emulator version ";

    /// <summary>Parses the output of <c>qemu-system-x86_64 --version</c>.</summary>
    /// <param name="text">Its output: "QEMU emulator version 7.2.22 (Debian ...)".</param>
    /// <param name="version">The version.</param>
    /// <returns>False when the text is not QEMU's.</returns>
    public static bool TryParse(string text, out QemuVersion version)
    {
        version = default;
        if (!text.StartsWith(Introduction, StringComparison.Ordinal))
        {
            return false;
        }

        string[] numbers = text[Introduction.Length..].Split('.', 3);
        if (numbers.Length < 2
            || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            || !int.TryParse(numbers[1].AsSpan(0, DigitsOf(numbers[1])), NumberStyles.None, CultureInfo.InvariantCulture, out int minor))
        {
            return false;
        }

        version = new QemuVersion(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(QemuVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    private static int DigitsOf(string text)
    {
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        return digits;
    }
}
