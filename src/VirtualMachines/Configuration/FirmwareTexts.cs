using System.Globalization;
using System.Security.Cryptography;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The texts by which a machine's firmware identifies it: their form, and how new ones are made.</summary>
internal static class FirmwareTexts
{
    /// <summary>The longest serial number or asset tag.</summary>
    public const int MaximumLength = 32;

    private const int Digits = 26;
    private const int GroupLength = 4;

    /// <summary>
    /// A new serial number or asset tag, <c>XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XX</c> of decimal digits: the form that Virtual Server and
    /// Hyper-V give (https://learn.microsoft.com/en-us/archive/blogs/jhoward/how-to-use-uniquely-identify-a-virtual-machine-in-hyper-v).
    /// </summary>
    public static string NewSerialNumber()
    {
        string digits = RandomNumberGenerator.GetString("0123456789", Digits);
        return string.Join('-', digits.Chunk(GroupLength).Select(group => new string(group)));
    }

    /// <summary>A new braced GUID.</summary>
    public static string NewGuid() => Format(Guid.NewGuid());

    /// <summary>The text of a GUID, braced and in capitals like in the real files.</summary>
    /// <param name="guid">The GUID.</param>
    public static string Format(Guid guid) => guid.ToString("B", CultureInfo.InvariantCulture).ToUpperInvariant();

    /// <summary>
    /// Whether a text is a usable serial number or asset tag: 1 to 32 characters that firmware tables (SMBIOS) can keep, and no backslash,
    /// because the asset tag is part of an event's name.
    /// </summary>
    /// <param name="text">The text.</param>
    public static bool IsUsable(string? text) =>
        text is { Length: >= 1 and <= MaximumLength } && !string.IsNullOrWhiteSpace(text)
            && text.All(c => c is >= ' ' and <= '~' and not '\\');
}
