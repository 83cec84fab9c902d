using System.IO.Pipelines;

namespace VpcComApi.GuestServices.Tests;

/// <summary>
/// A virtio-serial port as a guest on Linux sees it: while no host is connected, reads end at once and writes wait; neither can be called
/// off. Bytes that the host has not read when it disconnects are delivered to the next host, and the guest loses those that were in transit
/// to it.
/// </summary>
internal sealed class VirtualPort : Stream
{
    private readonly Pipe toHost = new(new PipeOptions(pauseWriterThreshold: 32 * 1024, resumeWriterThreshold: 16 * 1024));
    private readonly SemaphoreSlim hostIsThere = new(0);
    private volatile Pipe? toGuest;

    /// <summary>How often the guest opened the port.</summary>
    public int Opened { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public Stream Open()
    {
        Opened++;
        return this;
    }

    /// <summary>A host connects.</summary>
    public Task<Stream> ConnectHostAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        toGuest = new Pipe();
        hostIsThere.Release();
        return Task.FromResult<Stream>(new VirtualPortHost(this, toGuest.Writer, toHost.Reader));
    }

    /// <summary>The host disconnects.</summary>
    public void LeaveHost()
    {
        Pipe? left = toGuest;
        toGuest = null;
        left?.Reader.CancelPendingRead();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (toGuest is not { } pipe)
        {
            return 0;
        }

        ReadResult read = await pipe.Reader.ReadAsync(CancellationToken.None);
        int length = (int)Math.Min(buffer.Length, read.Buffer.Length);
        foreach (ReadOnlyMemory<byte> part in read.Buffer.Slice(0, length))
        {
            part.CopyTo(buffer);
            buffer = buffer[part.Length..];
        }

        pipe.Reader.AdvanceTo(read.Buffer.GetPosition(length));
        return length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (toGuest is null)
        {
            await hostIsThere.WaitAsync(CancellationToken.None);
        }

        await toHost.Writer.WriteAsync(buffer, CancellationToken.None);
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
        if (disposing)
        {
            hostIsThere.Dispose();
        }

        base.Dispose(disposing);
    }
}
