namespace VpcComApi.VpcBus.Tests.SecondGuest;

/// <summary>A byte link with blocking reads and writes that breaks after so many bytes.</summary>
internal sealed class CuttingStream(Stream inner, int bytes) : Stream
{
    private int left = bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int length = inner.Read(buffer, offset, Use(count));
        return length > 0 ? length : throw new IOException("The other side cut the link.");
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        int length = Use(count);
        inner.Write(buffer, offset, length);
        if (length < count)
        {
            Use(count);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Use(int count)
    {
        if (left == 0)
        {
            inner.Dispose();
            throw new IOException("The link was cut.");
        }

        int length = Math.Min(count, left);
        left -= length;
        return length;
    }
}
