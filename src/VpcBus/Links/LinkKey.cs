using System.Security.Cryptography;

namespace VpcComApi.VpcBus.Links;

/// <summary>
/// A secret that both ends of a link prove to each other before the bus uses the link. Neither sends the key: each sends a random challenge
/// and answers the other's with HMAC-SHA-256 over its own side, the other's challenge and its own.
/// </summary>
public sealed class LinkKey
{
    /// <summary>The key's length in bytes.</summary>
    public const int Size = 32;

    private readonly byte[] key;

    private LinkKey(byte[] key) => this.key = key;

    /// <summary>Makes a random key.</summary>
    public static LinkKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Reads a key from text.</summary>
    /// <param name="text">Twice <see cref="Size"/> hexadecimal digits.</param>
    /// <param name="key">The key.</param>
    /// <returns>False when the text is not a key.</returns>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LinkKey? key)
    {
        byte[] bytes = new byte[Size];
        key = text?.Length == 2 * Size
            && Convert.FromHexString(text, bytes, out int _, out int written) == System.Buffers.OperationStatus.Done
            && written == Size ? new LinkKey(bytes) : null;
        return key is not null;
    }

    /// <summary>The key as hexadecimal digits, to give it to the other end over a channel that nobody else can read.</summary>
    public string ToSecretText() => Convert.ToHexString(key);

    /// <summary>
    /// Proves to the other end that this side has the key, and checks the same of the other end. Both ends call this before any other use
    /// of the link.
    /// </summary>
    /// <param name="link">The link. Exactly the bytes of the proof are read from it.</param>
    /// <param name="side">Which side this is.</param>
    /// <param name="cancellationToken">Cancels the wait; a process without the key may never answer.</param>
    /// <returns>Whether the other end has the key. If false, the link must not be used.</returns>
    /// <exception cref="IOException">The link ended.</exception>
    public async Task<bool> ProveAsync(Stream link, BusSide side, CancellationToken cancellationToken)
    {
        byte[] own = RandomNumberGenerator.GetBytes(Size);
        byte[] other = new byte[Size];
        await link.WriteAsync(own, cancellationToken);
        await link.FlushAsync(cancellationToken);
        await link.ReadExactlyAsync(other, cancellationToken);

        await link.WriteAsync(Answer(side, other, own), cancellationToken);
        await link.FlushAsync(cancellationToken);
        byte[] answer = new byte[HMACSHA256.HashSizeInBytes];
        await link.ReadExactlyAsync(answer, cancellationToken);

        BusSide otherSide = side == BusSide.Host ? BusSide.Guest : BusSide.Host;
        return CryptographicOperations.FixedTimeEquals(answer, Answer(otherSide, own, other));
    }

    private byte[] Answer(BusSide side, byte[] challenge, byte[] own)
    {
        byte[] said = [(byte)side, .. challenge, .. own];
        return HMACSHA256.HashData(key, said);
    }
}
