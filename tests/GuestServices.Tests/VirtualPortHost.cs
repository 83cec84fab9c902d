using System.IO.Pipelines;

namespace VpcComApi.GuestServices.Tests;

/// <summary>One connection of a host to a <see cref="VirtualPort"/>.</summary>
internal sealed class VirtualPortHost(VirtualPort port, PipeWriter output, PipeReader input) : Stream
{
    private volatile bool isCut;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isCut)
        {
            return 0;
        }

        ReadResult read = await input.ReadAsync(cancellationToken);
        int length = (int)Math.Min(buffer.Length, read.Buffer.Length);
        foreach (ReadOnlyMemory<byte> part in read.Buffer.Slice(0, length))
        {
            part.CopyTo(buffer);
            buffer = buffer[part.Length..];
        }

        input.AdvanceTo(read.Buffer.GetPosition(length));
        return length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isCut)
        {
            throw new IOException("The connection was cut.");
        }

        await output.WriteAsync(buffer, cancellationToken);
    }

    /// <summary>Cuts the connection.</summary>
    public void Cut()
    {
        isCut = true;
        port.LeaveHost();
        input.CancelPendingRead();
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
            port.LeaveHost();
        }

        base.Dispose(disposing);
    }
}
