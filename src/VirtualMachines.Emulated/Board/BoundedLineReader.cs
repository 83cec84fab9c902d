using System.Buffers;
using System.Text;

namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// Reads lines of UTF-8 that a stranger writes. What is longer than the limit is cut; the rest of that line is read and dropped. It blocks,
/// for a thread of its own: Windows has no other way to read a process's output.
/// </summary>
/// <param name="stream">Where the lines come from.</param>
/// <param name="maxLength">The longest line in bytes.</param>
internal sealed class BoundedLineReader(Stream stream, int maxLength)
{
    private const int ReadSize = 4096;

    private readonly ArrayBufferWriter<byte> line = new();

    /// <summary>The lines until the stream ends or breaks, without their ends.</summary>
    public IEnumerable<string> ReadAll()
    {
        byte[] buffer = new byte[ReadSize];
        for (int count = Read(buffer); count > 0; count = Read(buffer))
        {
            int start = 0;
            for (int end = NextEnd(buffer, start, count); end >= 0; end = NextEnd(buffer, start, count))
            {
                Append(buffer.AsSpan(start, end - start));
                yield return TakeLine();
                start = end + 1;
            }

            Append(buffer.AsSpan(start, count - start));
        }

        if (line.WrittenCount > 0)
        {
            yield return TakeLine();
        }
    }

    private static int NextEnd(byte[] buffer, int start, int count) => Array.IndexOf(buffer, (byte)'\n', start, count - start);

    private int Read(byte[] buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The writer was killed, or the pipe was closed under the reader: what came before counts.
            return 0;
        }
    }

    private void Append(ReadOnlySpan<byte> part) => line.Write(part[..Math.Min(part.Length, maxLength - line.WrittenCount)]);

    private string TakeLine()
    {
        string text = Encoding.UTF8.GetString(line.WrittenSpan).TrimEnd('\r');
        line.ResetWrittenCount();
        return text;
    }
}
