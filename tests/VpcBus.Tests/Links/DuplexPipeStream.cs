using System.IO.Pipelines;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>One end of an in-memory link: reads from one pipe and writes to another.</summary>
internal sealed class DuplexPipeStream(PipeReader reader, PipeWriter writer) : Stream
{
    private readonly Stream input = reader.AsStream();
    private readonly Stream output = writer.AsStream();
    private int disposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Makes the two ends of a link whose buffers hold so many bytes each way.</summary>
    public static LinkPair CreateLink(int bufferedBytes = 64 * 1024)
    {
        PipeOptions options = new(
            pauseWriterThreshold: bufferedBytes, resumeWriterThreshold: Math.Max(1, bufferedBytes / 2), useSynchronizationContext: false);
        Pipe toGuest = new(options);
        Pipe toHost = new(options);
        return new LinkPair(
            new DuplexPipeStream(toHost.Reader, toGuest.Writer), new DuplexPipeStream(toGuest.Reader, toHost.Writer));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        input.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        if ((await writer.WriteAsync(buffer, cancellationToken)).IsCompleted)
        {
            throw new IOException("The other end of the link is closed.");
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref disposed, 1) == 0)
        {
            reader.CancelPendingRead();
            output.Dispose();
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
