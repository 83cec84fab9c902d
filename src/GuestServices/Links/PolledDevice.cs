using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.GuestServices.Links;

/// <summary>
/// A device of Linux that is read and written without blocking. A virtio-serial port returns at most 4 KiB for one read, and a FileStream
/// would do each such read on another thread. Here a read returns all available bytes on the caller's thread. Only when there are none, a
/// thread of this object waits for them and then continues the caller's code itself. One reader and one writer at a time.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PolledDevice : Stream, IImmediateDevice
{
    /// <summary>
    /// How long to wait for room when poll does not report it: the host of a virtio-serial port is not connected then.
    /// </summary>
    private static readonly TimeSpan AbsenceInterval = TimeSpan.FromMilliseconds(100);

    private readonly SafeFileHandle descriptor;
    private readonly DescriptorWait readable;
    private readonly DescriptorWait writable;

    /// <summary>Opens a device.</summary>
    /// <param name="path">Its full path.</param>
    /// <exception cref="IOException">There is no such device, or this process may not open it.</exception>
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

    /// <summary>Reads available bytes, as many as there is room for.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="cancellationToken">Ignored: a wait for a device cannot be cancelled.</param>
    /// <returns>0 when the other end is not connected.</returns>
    /// <exception cref="IOException">The device failed or was removed.</exception>
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
    /// <param name="cancellationToken">Ignored: bytes that are partly written must be written completely.</param>
    /// <exception cref="IOException">The device failed or was removed.</exception>
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

    /// <summary>The result of a system call; -1 when it would have to wait.</summary>
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
