namespace VpcComApi.VirtualDisks;

/// <summary>A pipe, a device, a socket or a folder stands where a file must be. It was not opened.</summary>
public sealed class NotARegularFileException : IOException
{
    /// <param name="message">What stands where, and what to do.</param>
    internal NotARegularFileException(string message)
        : base(message)
    {
    }
}
