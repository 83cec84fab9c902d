using System.Runtime.InteropServices;
using System.Text;

namespace VpcComApi.CommandLine.Output;

/// <summary>
/// Standard output where it is redirected, written by the system's own call. The stream of <see cref="Console"/> answers success where a
/// pipe's reader has gone, so that a program which prints without end would never learn that nobody reads.
/// </summary>
internal sealed partial class StandardOutputStream : Stream
{
    private const int Descriptor = 1;
    private const int StandardOutput = -11;

    // Linux: asm-generic/errno-base.h, errno.h; poll(2).
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int BrokenPipe = 32;
    private const int ConnectionReset = 104;
    private const short ReadyToWrite = 4;

    // Windows: winerror.h.
    private const int WindowsFacility = unchecked((int)0x8007_0000);
    private const int WindowsBrokenPipe = 109;
    private const int WindowsPipeIsClosing = 232;

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

    /// <summary>Opens a writer of UTF-8 that keeps nothing back.</summary>
    public static StreamWriter OpenWriter() => new(new StandardOutputStream(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    /// <summary>Whether a write failed because whoever read what is written has gone.</summary>
    /// <param name="exception">The failure.</param>
    public static bool IsReaderGone(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult - WindowsFacility) is WindowsBrokenPipe or WindowsPipeIsClosing
        : exception.HResult is BrokenPipe or ConnectionReset;

    /// <summary>What a write to a pipe without a reader fails with.</summary>
    public static IOException ReaderGone() => OperatingSystem.IsWindows() ? Failure(WindowsBrokenPipe) : Failure(BrokenPipe);

    /// <summary>Waits a moment for the reader to go, on Linux.</summary>
    /// <returns>Whether it has gone. What is redirected to a file has no reader who could go.</returns>
    public static bool WaitForReaderGone()
    {
        // Errors and hang-ups are told without being asked for.
        PollRequest request = new() { Descriptor = Descriptor };
        return Poll(ref request, 1, (int)PollLimit.TotalMilliseconds) > 0 && request.Told != 0;
    }

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
        // Nothing is kept back.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private static int WriteToDescriptor(ReadOnlySpan<byte> buffer)
    {
        nint written = WriteBytes(Descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        if (written >= 0)
        {
            return (int)written;
        }

        int error = Marshal.GetLastPInvokeError();
        switch (error)
        {
            case Interrupted:
                return 0;
            case WouldBlock:
                // Another program that has the same pipe made it so.
                PollRequest request = new() { Descriptor = Descriptor, Asked = ReadyToWrite };
                _ = Poll(ref request, 1, (int)PollLimit.TotalMilliseconds);
                return 0;
            default:
                throw Failure(error);
        }
    }

    private static int WriteToHandle(ReadOnlySpan<byte> buffer) =>
        WriteFile(GetStdHandle(StandardOutput), ref MemoryMarshal.GetReference(buffer), buffer.Length, out int written, 0)
            ? written
            : throw Failure(Marshal.GetLastPInvokeError());

    private static IOException Failure(int error) =>
        new(Marshal.GetPInvokeErrorMessage(error), OperatingSystem.IsWindows() ? WindowsFacility | error : error);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteBytes(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollRequest request, nuint count, int milliseconds);

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int handle);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool WriteFile(nint file, ref byte buffer, int count, out int written, nint overlapped);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Asked;
        public short Told;
    }
}
