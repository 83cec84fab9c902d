namespace VpcComApi.VirtualDisks;

/// <summary>A pipe, a device, a socket or a folder stands where a file must be. It was not opened.</summary>
/// <param name="message">What stands where, and what to do.</param>
public sealed class NotARegularFileException(string message) : IOException(message)
{
}
