using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace VpcComApi.VirtualMachines.Networks;

/// <summary>
/// An Ethernet address (MAC): six bytes, written <c>00-03-FF-12-34-56</c> for people and <c>0003FF123456</c> in a .vmc file.
/// </summary>
internal sealed class EthernetAddress : IEquatable<EthernetAddress>
{
    /// <summary>How many bytes it has.</summary>
    public const int Length = 6;

    private const char Separator = '-';
    private const byte MulticastBit = 1;

    /// <summary>The first bytes of generated addresses: Microsoft's own range, that of Virtual PC.</summary>
    private static readonly byte[] GeneratedPrefix = [0x00, 0x03, 0xFF];

    private readonly byte[] bytes;

    private EthernetAddress(byte[] bytes) => this.bytes = bytes;

    /// <summary>The address of a card that has none yet.</summary>
    public static EthernetAddress None { get; } = new(new byte[Length]);

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToBytes() => [.. bytes];

    /// <summary>Makes a random address of Microsoft's range.</summary>
    public static EthernetAddress Generate() =>
        new([.. GeneratedPrefix, .. RandomNumberGenerator.GetBytes(Length - GeneratedPrefix.Length)]);

    /// <summary>Takes an address from a file.</summary>
    /// <param name="bytes">What the file holds.</param>
    /// <returns><see cref="None"/> when those are no six bytes.</returns>
    public static EthernetAddress FromBytes(byte[] bytes) => bytes.Length == Length ? new EthernetAddress([.. bytes]) : None;

    /// <summary>Reads an address as people write it. An address of a group is none that a card can have.</summary>
    /// <param name="text">Six times two hexadecimal digits, with hyphens between them.</param>
    /// <param name="address">The address.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EthernetAddress? address)
    {
        address = null;
        string[] parts = text?.Split(Separator) ?? [];
        if (parts.Length != Length || !parts.All(part => part.Length == 2 && part.All(char.IsAsciiHexDigit)))
        {
            return false;
        }

        byte[] bytes = Convert.FromHexString(string.Concat(parts));
        if ((bytes[0] & MulticastBit) != 0)
        {
            return false;
        }

        address = new EthernetAddress(bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(EthernetAddress? other) => other is not null && bytes.AsSpan().SequenceEqual(other.bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EthernetAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(bytes[3], bytes[4], bytes[5]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(Separator, bytes.Select(part => part.ToString("X2", null)));
}
