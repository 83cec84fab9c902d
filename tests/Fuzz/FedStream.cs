namespace VpcComApi.Fuzz;

/// <summary>A link whose other side has written all its bytes, and reads everything that is sent to it.</summary>
/// <param name="fed">What it has written.</param>
/// <param name="heldBack">The position from which on it waits for <paramref name="writesBefore"/>.</param>
/// <param name="writesBefore">How often this side must have written before the rest can be read.</param>
internal sealed class FedStream(byte[] fed, int heldBack = 0, int writesBefore = 0) : Stream
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int position;
    private int writes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int end = fed.Length;
        if (position < heldBack)
        {
            end = heldBack;
        }
        else if (Volatile.Read(ref writes) < writesBefore)
        {
            await released.Task.WaitAsync(cancellationToken);
        }

        int length = Math.Min(buffer.Length, end - position);
        fed.AsSpan(position, length).CopyTo(buffer.Span);
        position += length;
        return length;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Increment(ref writes) == writesBefore)
        {
            released.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
