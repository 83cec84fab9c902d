namespace VpcComApi.VirtualMachines;

/// <summary>Texts from a guest, made fit for callers and logs.</summary>
internal static class GuestText
{
    /// <summary>The most characters that are taken of a text by which a guest describes something.</summary>
    internal const int MaximumLength = 256;

    /// <summary>The text without control characters, cut to a length.</summary>
    /// <param name="text">What the guest said.</param>
    /// <param name="maximumLength">The most characters to keep.</param>
    internal static string Bound(string? text, int maximumLength = MaximumLength)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        int length = Math.Min(text.Length, maximumLength);

        // Half a character is none.
        if (length < text.Length && char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        return string.Create(length, text, static (target, source) =>
        {
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
