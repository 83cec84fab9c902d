using VpcComApi.VirtualDisks.Format;
using VpcComApi.VirtualDisks.Images;

namespace VpcComApi.VirtualDisks.Tests.Crashes;

/// <summary>Passes writes on to an image and remembers after which step of its file each was made and each flush had returned.</summary>
internal sealed class RecordingImage(byte[] before) : DiskImage(
    new RecordingFile("model", []), DiskFooter.Create(VirtualDiskKind.FixedSize, before.Length, DiskFooter.NoHeader))
{
    private readonly List<(int Step, long Offset, byte[]? Data)> record = [];
    private DiskImage target = null!;
    private RecordingFile file = null!;

    /// <summary>Sets where writes go.</summary>
    public void Follow(DiskImage image, RecordingFile imageFile)
    {
        target = image;
        file = imageFile;
    }

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> buffer) => target.Read(offset, buffer);

    /// <inheritdoc/>
    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        target.Write(offset, data);
        record.Add((file.Steps, offset, data.ToArray()));
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        target.Flush();
        record.Add((file.Steps, 0, null));
    }

    /// <inheritdoc/>
    public override bool MayHoldData(long offset, long length) => target.MayHoldData(offset, length);

    /// <summary>Checks what a crash has left of the content.</summary>
    /// <param name="read">The content.</param>
    /// <param name="step">The number of steps of the file after which the crash happened.</param>
    public void Verify(byte[] read, int step)
    {
        // What was flushed for certain, and what each sector may be beyond that.
        byte[] certain = [.. before];
        int flushed = record.FindLastIndex(entry => entry.Data is null && entry.Step <= step);
        foreach ((_, long offset, byte[]? data) in record.Take(flushed + 1))
        {
            data?.CopyTo(certain, (int)offset);
        }

        for (int start = 0; start < read.Length; start += 512)
        {
            ReadOnlySpan<byte> sector = read.AsSpan(start, 512);
            if (!sector.SequenceEqual(certain.AsSpan(start, 512)) && !IsUnderWay(start, sector, flushed + 1))
            {
                Assert.Fail($"After step {step} the sector at {start} holds what was never written there.");
            }
        }
    }

    private bool IsUnderWay(int start, ReadOnlySpan<byte> sector, int from)
    {
        foreach ((_, long offset, byte[]? data) in record.Skip(from))
        {
            if (data is not null && start >= offset && start + 512 <= offset + data.Length
                && sector.SequenceEqual(data.AsSpan(start - (int)offset, 512)))
            {
                return true;
            }
        }

        return false;
    }
}
