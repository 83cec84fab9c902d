using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using VpcComApi.Platform.Linux;
using VpcComApi.Platform.Windows;

namespace VpcComApi.Platform.Output;

/// <summary>
/// Redirected standard output, written with the system call. The stream of <see cref="Console"/> reports success when the reader has closed
/// a pipe, so a program that prints endlessly would never learn that nobody reads.
/// </summary>
internal sealed class StandardOutputStream : Stream
{
    private const int Descriptor = 1;

    private static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Opens an unbuffered writer of UTF-8.</summary>
    public static StreamWriter OpenWriter() =>
        new(new StandardOutputStream(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    /// <summary>Whether a write failed because the reader has closed the pipe.</summary>
    /// <param name="exception">The failure.</param>
    public static bool IsReaderGone(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult == WindowsError.HResultOf(WindowsError.ERROR_BROKEN_PIPE)
            || exception.HResult == WindowsError.HResultOf(WindowsError.ERROR_NO_DATA)
        : exception.HResult is Libc.EPIPE or Libc.ECONNRESET;

    /// <summary>The error of a write to a pipe without a reader.</summary>
    public static IOException ReaderGone() => Failure(OperatingSystem.IsWindows() ? WindowsError.ERROR_BROKEN_PIPE : Libc.EPIPE);

    /// <summary>Waits a short time for the end of the reader, on Linux.</summary>
    /// <returns>Whether the reader has closed the pipe. Always false for a file.</returns>
    public static bool WaitForReaderGone() =>
        OperatingSystem.IsLinux() && UnixPoll.Wait(Descriptor, wanted: 0, (int)PollLimit.TotalMilliseconds) != 0;

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[(OperatingSystem.IsWindows() ? WriteToHandle(buffer) : WriteToDescriptor(buffer))..];
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is buffered.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    [UnsupportedOSPlatform("windows")]
    private static int WriteToDescriptor(ReadOnlySpan<byte> buffer)
    {
        nint written = Libc.write(Descriptor, buffer);
        if (written >= 0)
        {
            return (int)written;
        }

        int error = Marshal.GetLastPInvokeError();
        switch (error)
        {
            case Libc.EINTR:
                return 0;
            case Libc.EAGAIN:
                // Another program that uses the same pipe has set it to non-blocking.
                _ = UnixPoll.Wait(Descriptor, Libc.POLLOUT, (int)PollLimit.TotalMilliseconds);
                return 0;
            default:
                throw Failure(error);
        }
    }

    [SupportedOSPlatform("windows")]
    private static int WriteToHandle(ReadOnlySpan<byte> buffer) =>
        Kernel32.WriteFile(
            Kernel32.GetStdHandle(Kernel32.STD_OUTPUT_HANDLE), ref MemoryMarshal.GetReference(buffer), buffer.Length, out int written, 0)
            ? written
            : throw Failure(Marshal.GetLastPInvokeError());

    private static IOException Failure(int error) =>
        new(Marshal.GetPInvokeErrorMessage(error), OperatingSystem.IsWindows() ? WindowsError.HResultOf(error) : error);
}
