using VpcComApi.VirtualDisks.Files;

namespace VpcComApi.VirtualDisks.Tests.Crashes;

/// <summary>
/// A file in memory that remembers each write and each flush, so that a test can put together what a crash at any moment leaves: all that
/// was written before the last flush, and of the rest whichever whole sectors the disk happened to have written.
/// </summary>
internal sealed class RecordingFile(string path, byte[] before) : IDiskFile
{
    private readonly List<(long Offset, byte[]? Data)> record = [];
    private byte[] content = [.. before];

    /// <inheritdoc/>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public long Length => content.Length;

    /// <summary>How many writes and flushes there were.</summary>
    public int Steps => record.Count;

    /// <summary>The current content of the file.</summary>
    public ReadOnlySpan<byte> Content => content;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer)
    {
        if (offset > content.Length - buffer.Length)
        {
            throw new VirtualDiskException(VirtualDiskError.Damaged, "cut");
        }

        content.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        record.Add((offset, data.ToArray()));
        Apply(ref content, offset, data);
    }

    /// <inheritdoc/>
    /// <remarks>Memory is never short in these tests, so nothing needs to be released.</remarks>
    public void Cut(long length) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Flush() => record.Add((0, null));

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>The last flush at or before a step.</summary>
    public int LastFlush(int step) => record[..step].FindLastIndex(entry => entry.Data is null);

    /// <summary>What a crash leaves.</summary>
    /// <param name="step">After how many writes and flushes.</param>
    /// <param name="random">Decides which sectors of what was not flushed are there.</param>
    public byte[] AfterCrash(int step, Random random)
    {
        int safe = LastFlush(step);
        List<(long Offset, ReadOnlyMemory<byte> Data)> kept = [];
        for (int i = 0; i < step; i++)
        {
            if (record[i] is not (var offset, { } data))
            {
                continue;
            }

            if (i < safe)
            {
                kept.Add((offset, data));
                continue;
            }

            // A sector is written completely or not at all.
            for (int start = 0; start < data.Length; start += 512)
            {
                if (random.Next(2) == 0)
                {
                    kept.Add((offset + start, data.AsMemory(start, Math.Min(512, data.Length - start))));
                }
            }
        }

        byte[] left = new byte[Math.Max(before.Length, kept.Count == 0 ? 0 : kept.Max(entry => entry.Offset + entry.Data.Length))];
        before.CopyTo(left, 0);
        foreach ((long offset, ReadOnlyMemory<byte> data) in kept)
        {
            data.Span.CopyTo(left.AsSpan((int)offset));
        }

        return left;
    }

    private static void Apply(ref byte[] file, long offset, ReadOnlySpan<byte> data)
    {
        if (offset + data.Length > file.Length)
        {
            Array.Resize(ref file, (int)offset + data.Length);
        }

        data.CopyTo(file.AsSpan((int)offset));
    }
}
