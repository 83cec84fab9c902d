namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>A file, to which what the guest sends is appended. Whoever reads it sees each piece as it comes.</summary>
internal sealed class FileSerialEnd : ISerialEnd
{
    private readonly FileStream file;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">Its full path.</param>
    public FileSerialEnd(string path) => file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => file.WriteAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();
}
