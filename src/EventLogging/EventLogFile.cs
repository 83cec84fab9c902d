namespace VpcComApi.EventLogging;

/// <summary>
/// Reads the entries of one file from the position at which the last reading ended. Bounded: content that this product cannot have written
/// is skipped.
/// </summary>
/// <param name="path">The full path of the file.</param>
/// <param name="program">The program that writes it.</param>
internal sealed class EventLogFile(string path, string program)
{
    /// <summary>The longest line that is read, in bytes; UTF-8 needs up to three for each character.</summary>
    private const int MaximumLineBytes = (4 * EventLogLine.MaximumTextLength) + 4096;

    private const int BufferBytes = 64 * 1024;

    private long position;

    /// <summary>Moves to the file's current end.</summary>
    public void SkipToEnd()
    {
        try
        {
            position = new FileInfo(path).Length;
        }
        catch (FileNotFoundException)
        {
            position = 0;
        }
    }

    /// <summary>
    /// Reads the entries that were written since the last reading. An incomplete last line is left for the next reading.
    /// </summary>
    public List<EventLogEntry> ReadNew()
    {
        List<EventLogEntry> entries = [];
        try
        {
            using FileStream file = EventLogFileOpening.OpenRead(path);
            if (file.Length < position)
            {
                position = 0;
            }

            file.Position = position;
            ReadLines(file, entries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Deleted by its program, or not readable by this user: the other files are still read.
        }

        return entries;
    }

    private void ReadLines(FileStream file, List<EventLogEntry> entries)
    {
        byte[] buffer = new byte[BufferBytes + MaximumLineBytes];
        int kept = 0;
        bool tooLong = false;

        // Only up to the current length: a device can return an endless number of bytes, and has no length.
        long left = file.Length - position;
        while (left > 0 && file.Read(buffer, kept, (int)Math.Min(left, BufferBytes)) is > 0 and int count)
        {
            left -= count;
            Span<byte> rest = buffer.AsSpan(0, kept + count);
            for (int end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                if (!tooLong && EventLogLine.TryParse(DecodeLine(rest[..end]), program, out EventLogEntry? entry))
                {
                    entries.Add(entry);
                }

                tooLong = false;
                position += end + 1;
                rest = rest[(end + 1)..];
            }

            if (rest.Length > MaximumLineBytes || tooLong)
            {
                tooLong = true;
                position += rest.Length;
                rest = default;
            }

            rest.CopyTo(buffer);
            kept = rest.Length;
        }
    }

    private static string DecodeLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line.EndsWith("\r"u8) ? line[..^1] : line;
        return System.Text.Encoding.UTF8.GetString(text.StartsWith("\uFEFF"u8) ? text["\uFEFF"u8.Length..] : text);
    }
}
