using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The accepted client of a <see cref="WindowsPipeListener"/>.</summary>
/// <param name="pipe">The connected pipe; this stream owns it.</param>
[SupportedOSPlatform("windows")]
internal sealed class WindowsPipeStream(NamedPipeServerStream pipe) : Stream
{
    /// <summary>
    /// Whether the client has closed its end. .NET learns that from a read that fails, and PeekNamedPipe fails no sooner than a read: when
    /// all that the client has written is read. The state of the pipe's end says it at once.
    /// </summary>
    internal bool IsClientGone
    {
        get
        {
            try
            {
                return !pipe.IsConnected
                    || (Ntdll.NtQueryInformationFile(
                        pipe.SafePipeHandle,
                        out _,
                        out Ntdll.PipeLocalInformation information,
                        Marshal.SizeOf<Ntdll.PipeLocalInformation>(),
                        Ntdll.FilePipeLocalInformation) >= 0
                    && information.State == Ntdll.FILE_PIPE_CLOSING_STATE);
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
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

    /// <summary>Reads. A client may write nothing, and the system hands that on as a read of nothing; it is no end.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int length;
        do
        {
            length = await pipe.ReadAsync(buffer, cancellationToken);
        }
        while (length == 0 && !buffer.IsEmpty && pipe.IsConnected);

        return length;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        pipe.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        pipe.WriteAsync(buffer, offset, count, cancellationToken);

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
        if (disposing)
        {
            pipe.Dispose();
        }

        base.Dispose(disposing);
    }
}
