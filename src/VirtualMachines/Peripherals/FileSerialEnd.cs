using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>A file, to which what the guest sends is appended. Whoever reads it sees each piece as it comes.</summary>
internal sealed class FileSerialEnd : ISerialEnd
{
    private readonly FileStream file;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="IOException">It cannot be opened or made, or something else than a file stands there.</exception>
    public FileSerialEnd(string path)
    {
        // A named pipe would keep the opening waiting for its reader.
        file = File.Exists(path)
            ? RegularFile.Open(path, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous)
            : new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        // Each time: a write that failed has moved the stream on, and would leave a hole.
        file.Seek(0, SeekOrigin.End);
        return file.WriteAsync(bytes, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => file.DisposeAsync();
}
