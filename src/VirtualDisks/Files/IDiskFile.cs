namespace VpcComApi.VirtualDisks.Files;

/// <summary>The file below an image. Tests put one in its place that stops in mid-write as a crash does.</summary>
internal interface IDiskFile : IDisposable
{
    /// <summary>The file's full path.</summary>
    string Path { get; }

    /// <summary>The file's length now.</summary>
    long Length { get; }

    /// <summary>Fills a buffer.</summary>
    /// <param name="offset">Where to begin.</param>
    /// <param name="buffer">The buffer.</param>
    /// <exception cref="VirtualDiskException"><see cref="VirtualDiskError.Damaged"/>: the file ends before the buffer is full.</exception>
    void Read(long offset, Span<byte> buffer);

    /// <summary>Writes, beyond the end too.</summary>
    /// <param name="offset">Where to begin.</param>
    /// <param name="data">The data.</param>
    void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Gives back what lies behind a length, when there was no room for the rest of it.</summary>
    /// <param name="length">The length that stays.</param>
    void Cut(long length);

    /// <summary>Returns when all that was written is on the disk.</summary>
    void Flush();
}
