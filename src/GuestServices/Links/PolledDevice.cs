using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// A device of Linux that is read and written without blocking. A virtio-serial port gives 4 KiB with one read, and a FileStream would send
/// each such read to another thread and back; here a read takes all that has come, on the thread that it is called on, and only when
/// nothing has come a thread of this object waits for more and then does the caller's work itself. One reader and one writer at a time.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PolledDevice : Stream, IImmediateDevice
{
    /// <summary>
    /// How long a wait for room lasts when the device does not tell of it: the host of a virtio-serial port is away then.
    /// </summary>
    private static readonly TimeSpan AbsenceInterval = TimeSpan.FromMilliseconds(100);

    private readonly SafeFileHandle descriptor;
    private readonly DescriptorWait readable;
    private readonly DescriptorWait writable;

    /// <summary>Opens a device.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="IOException">There is no such device, or it may not be opened.</exception>
    public PolledDevice(string path)
    {
        descriptor = new SafeFileHandle(Libc.open(path, Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_NOCTTY | Libc.O_CLOEXEC), ownsHandle: true);
        if (descriptor.IsInvalid)
        {
            throw new IOException($"The device {path} cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }

        readable = new DescriptorWait(descriptor, Libc.POLLIN);
        writable = new DescriptorWait(descriptor, Libc.POLLOUT);
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

    /// <summary>Reads what has come, as much as there is room for.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="cancellationToken">Not looked at: a wait for a device cannot be called off.</param>
    /// <returns>0 when nobody is at the other end.</returns>
    /// <exception cref="IOException">The device failed or is gone.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int length;
        while ((length = TryRead(buffer.Span)) < 0)
        {
            await readable.WaitAsync();
        }

        return length;
    }

    /// <summary>Writes all bytes.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Not looked at: what is half-written must be written to its end.</param>
    /// <exception cref="IOException">The device failed or is gone.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[TryWrite(buffer.Span)..];
            if (!buffer.IsEmpty && !await writable.WaitAsync())
            {
                await Task.Delay(AbsenceInterval, CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    public unsafe int TryRead(Span<byte> buffer)
    {
        int total = 0;
        fixed (byte* start = buffer)
        {
            while (total < buffer.Length)
            {
                int length = Result(Libc.read(descriptor, start + total, (nuint)(buffer.Length - total)));
                if (length <= 0)
                {
                    return total > 0 ? total : length;
                }

                total += length;
            }
        }

        return total;
    }

    /// <inheritdoc/>
    public unsafe int TryWrite(ReadOnlySpan<byte> buffer)
    {
        int total = 0;
        fixed (byte* start = buffer)
        {
            while (total < buffer.Length)
            {
                int length = Result(Libc.write(descriptor, start + total, (nuint)(buffer.Length - total)));
                if (length < 0)
                {
                    break;
                }

                total += length;
            }
        }

        return total;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write to it asynchronously.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            readable.Dispose();
            writable.Dispose();
            descriptor.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>What a call returned; -1 when it would have to wait.</summary>
    private static int Result(nint returned)
    {
        if (returned >= 0)
        {
            return (int)returned;
        }

        int error = Marshal.GetLastPInvokeError();
        return error is Libc.EAGAIN or Libc.EINTR ? -1 : throw new IOException(
            $"The device failed: {Marshal.GetPInvokeErrorMessage(error)}.", new Win32Exception(error));
    }
}
