using System.Text;

namespace VpcComApi.ChannelEnds;

/// <summary>
/// Lines of UTF-8 text, and counted bytes between them, over a stream. The other side is not trusted: the length of a line is limited, and
/// never more bytes are read than were announced. One reader and one writer at a time.
/// </summary>
/// <param name="stream">The channel. It is closed with this object.</param>
public sealed class LineConnection(Stream stream) : IAsyncDisposable
{
    /// <summary>The longest line in bytes, without its end.</summary>
    public const int LongestLine = 4096;

    private const byte LineEnd = (byte)'\n';

    private readonly byte[] buffer = new byte[LongestLine + 1];
    private int start;
    private int end;

    /// <summary>Reads a line.</summary>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The line without its end; null when the other side has closed the channel.</returns>
    /// <exception cref="InvalidDataException">The line is too long, or the channel ended within it.</exception>
    public async Task<string?> ReadLineAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            int length = buffer.AsSpan(start, end - start).IndexOf(LineEnd);
            if (length >= 0)
            {
                string line = Encoding.UTF8.GetString(buffer, start, length);
                start += length + 1;
                return line;
            }

            if (end - start > LongestLine)
            {
                throw new InvalidDataException($"A line of more than {LongestLine} bytes arrived.");
            }

            if (!await FillAsync(cancellation))
            {
                return start == end ? null : throw new InvalidDataException("The channel ended in the middle of a line.");
            }
        }
    }

    /// <summary>Reads counted bytes into another stream.</summary>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="count">The number of bytes.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="InvalidDataException">The channel ended before.</exception>
    public async Task ReadBytesAsync(Stream destination, long count, CancellationToken cancellation = default)
    {
        while (count > 0)
        {
            if (start == end && !await FillAsync(cancellation))
            {
                throw new InvalidDataException($"The channel ended {count} bytes too early.");
            }

            int part = (int)Math.Min(count, end - start);
            await destination.WriteAsync(buffer.AsMemory(start, part), cancellation);
            start += part;
            count -= part;
        }
    }

    /// <summary>Writes a line. Line ends within the text become spaces, so that it stays one line.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="ArgumentException">The line is too long.</exception>
    public async Task WriteLineAsync(string line, CancellationToken cancellation = default)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line.ReplaceLineEndings(" ") + "\n");
        if (bytes.Length > LongestLine + 1)
        {
            throw new ArgumentException($"A line may have {LongestLine} bytes; this one has {bytes.Length - 1}.", nameof(line));
        }

        await stream.WriteAsync(bytes, cancellation);
        await stream.FlushAsync(cancellation);
    }

    /// <summary>Writes all bytes of another stream.</summary>
    /// <param name="source">The source of the bytes.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async Task WriteBytesAsync(Stream source, CancellationToken cancellation = default)
    {
        await source.CopyToAsync(stream, cancellation);
        await stream.FlushAsync(cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        int count = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        end += count;
        return count > 0;
    }
}
