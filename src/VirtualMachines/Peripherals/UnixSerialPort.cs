using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// A terminal device of the host, such as <c>/dev/ttyS0</c>, opened so that bytes go through it unchanged. A file stream would wait for a
/// carrier when it opens such a device, let the system edit lines and echo, and could not end a read that waits. How the device was set is
/// restored at the end.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixSerialPort : Stream
{
    /// <summary>How soon a wait sees that it was ended.</summary>
    private const int PollMilliseconds = 100;

    private readonly SafeFileHandle handle;
    private readonly string path;
    private readonly byte[] settingsBefore = new byte[Libc.TermiosSize];

    /// <summary>Opens a device.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It is not there, somebody else has it, or it is no terminal device.</exception>
    public UnixSerialPort(string path)
    {
        this.path = path;
        int descriptor = Libc.open(path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (descriptor < 0)
        {
            throw Failed("opened");
        }

        handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (Libc.flock(handle, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
            {
                throw Failed("locked");
            }

            byte[] raw = new byte[Libc.TermiosSize];
            if (Libc.tcgetattr(handle, settingsBefore) != 0 || Libc.tcgetattr(handle, raw) != 0)
            {
                throw Failed("asked for its settings");
            }

            Libc.cfmakeraw(raw);
            if (Libc.tcsetattr(handle, Libc.TCSANOW, raw) != 0)
            {
                throw Failed("set");
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(OnOwnThreadAsync(() => Transfer(Libc.POLLIN, () => Libc.read(handle, buffer.Span), "read", cancellationToken)));

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlyMemory<byte> part = buffer;
            int count = await OnOwnThreadAsync(() => Transfer(
                Libc.POLLOUT, () => Libc.write(handle, part.Span), "written", cancellationToken));
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !handle.IsClosed)
        {
            _ = Libc.tcsetattr(handle, Libc.TCSANOW, settingsBefore);
            handle.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Task<int> OnOwnThreadAsync(Func<int> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Tries until something was transferred. A device that has gone says so by an error or by an end.</summary>
    private int Transfer(short wanted, Func<nint> attempt, string verb, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            nint count = attempt();
            if (count >= 0)
            {
                return (int)count;
            }

            if (Marshal.GetLastPInvokeError() is not (Libc.EAGAIN or Libc.EINTR))
            {
                throw Failed(verb);
            }

            _ = UnixPoll.Wait(handle.DangerousGetHandle(), wanted, PollMilliseconds);
        }
    }

    private IOException Failed(string verb) =>
        new($"The serial port {path} could not be {verb}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
