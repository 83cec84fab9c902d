using System.IO.Pipelines;

namespace VpcComApi.ExampleProvider.Tests;

/// <summary>One end of a byte stream in memory.</summary>
internal sealed class MemoryLink : Stream
{
    private readonly PipeReader reader;
    private readonly PipeWriter writer;
    private readonly Func<Task> takeTurn;
    private readonly Stream input;
    private int disposed;

    private MemoryLink(PipeReader reader, PipeWriter writer, Func<Task> takeTurn)
    {
        this.reader = reader;
        this.writer = writer;
        this.takeTurn = takeTurn;
        input = reader.AsStream();
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Makes both ends.</summary>
    /// <param name="takeGuestsTurn">Waits while the guest is stopped.</param>
    public static (MemoryLink Host, MemoryLink Guest) Create(Func<Task> takeGuestsTurn)
    {
        Pipe toGuest = new();
        Pipe toHost = new();
        return (
            new MemoryLink(toHost.Reader, toGuest.Writer, () => Task.CompletedTask),
            new MemoryLink(toGuest.Reader, toHost.Writer, takeGuestsTurn));
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await takeTurn();
        return await input.ReadAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await takeTurn();
        if (disposed != 0 || (await writer.WriteAsync(buffer, cancellationToken)).IsCompleted)
        {
            throw new IOException("The link is closed.");
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref disposed, 1) == 0)
        {
            reader.CancelPendingRead();
            writer.Complete();
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
