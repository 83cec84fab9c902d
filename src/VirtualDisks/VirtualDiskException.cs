namespace VpcComApi.VirtualDisks;

/// <summary>An image was refused. The text says what, on which file, and what to do.</summary>
/// <param name="error">Why.</param>
/// <param name="message">The text.</param>
/// <param name="innerException">What caused it, if anything.</param>
public sealed class VirtualDiskException(
    VirtualDiskError error, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Why.</summary>
    public VirtualDiskError Error { get; } = error;

    /// <summary>The image on which something can be done about it, as the text says; null when nothing can, or on none.</summary>
    public string? Image { get; init; }
}
