namespace VpcComApi.VirtualDisks;

/// <summary>An image was refused. The text says what, on which file, and what to do.</summary>
public sealed class VirtualDiskException : Exception
{
    /// <param name="error">Why.</param>
    /// <param name="message">The text.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    internal VirtualDiskException(VirtualDiskError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>Why.</summary>
    public VirtualDiskError Error { get; }

    /// <summary>The image on which something can be done about it, as the text says; null when nothing can, or on none.</summary>
    public string? Image { get; internal init; }
}
