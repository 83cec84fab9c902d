using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// A terminal device of the host, such as <c>/dev/ttyS0</c>, opened so that bytes go through it unchanged. A file stream would wait for a
/// carrier when it opens such a device, let the system edit lines and echo, and could not end a read that waits. How the device was set is
/// restored at the end.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class UnixSerialPort : Stream
{
    /// <summary>More than any system's termios needs; its layout is nobody's business here.</summary>
    private const int TermiosSize = 256;

    /// <summary>How soon a wait sees that it was ended.</summary>
    private const int PollMilliseconds = 100;

    private const int O_RDWR = 2;
    private const int O_NOCTTY = 0x100;
    private const int O_NONBLOCK = 0x800;
    private const int O_CLOEXEC = 0x80000;
    private const int LOCK_EX_NB = 2 | 4;
    private const int TCSANOW = 0;
    private const short POLLIN = 1;
    private const short POLLOUT = 4;
    private const int EINTR = 4;
    private const int EAGAIN = 11;

    private readonly SafeFileHandle handle;
    private readonly string path;
    private readonly byte[] settingsBefore = new byte[TermiosSize];

    /// <summary>Opens a device.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It is not there, somebody else has it, or it is no terminal device.</exception>
    public UnixSerialPort(string path)
    {
        this.path = path;
        int descriptor = Open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0)
        {
            throw Failed("opened");
        }

        handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (Lock(handle, LOCK_EX_NB) != 0)
            {
                throw Failed("locked");
            }

            byte[] raw = new byte[TermiosSize];
            if (GetSettings(handle, settingsBefore) != 0 || GetSettings(handle, raw) != 0)
            {
                throw Failed("asked for its settings");
            }

            MakeRaw(raw);
            if (ApplySettings(handle, TCSANOW, raw) != 0)
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
        new(OnOwnThread(() => Transfer(POLLIN, () => ReadSome(handle, ref MemoryMarshal.GetReference(buffer.Span), (nuint)buffer.Length), "read", cancellationToken)));

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            ReadOnlyMemory<byte> part = buffer;
            int count = await OnOwnThread(() => Transfer(
                POLLOUT, () => WriteSome(handle, ref MemoryMarshal.GetReference(part.Span), (nuint)part.Length), "written", cancellationToken));
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
            _ = ApplySettings(handle, TCSANOW, settingsBefore);
            handle.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Task<int> OnOwnThread(Func<int> action) =>
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

            if (Marshal.GetLastPInvokeError() is not (EAGAIN or EINTR))
            {
                throw Failed(verb);
            }

            _ = UnixPoll.Wait(handle.DangerousGetHandle(), wanted, PollMilliseconds);
        }
    }

    private IOException Failed(string verb) =>
        new($"The serial port {path} could not be {verb}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetSettings(SafeFileHandle file, [In, Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int ApplySettings(SafeFileHandle file, int when, byte[] settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadSome(SafeFileHandle file, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(SafeFileHandle file, ref byte buffer, nuint count);
}
