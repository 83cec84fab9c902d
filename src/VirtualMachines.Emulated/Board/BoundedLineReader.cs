using System.Buffers;
using System.Text;

namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// Reads lines of UTF-8 from an untrusted process. A longer line than the limit is truncated; the rest of it is read and dropped. The reads
/// block, so it needs a thread of its own: Windows has no other way to read a process's output.
/// </summary>
/// <param name="stream">The source of the lines.</param>
/// <param name="maxLength">The longest line in bytes.</param>
internal sealed class BoundedLineReader(Stream stream, int maxLength)
{
    private const int ReadSize = 4096;

    private readonly ArrayBufferWriter<byte> line = new();

    /// <summary>Returns the lines, without line ends, until the stream ends or fails.</summary>
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
            // The writer was killed, or the pipe was closed during the read: the lines before that are valid.
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
