using System.IO.Pipes;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>A serial line's pipe as its far end sees it.</summary>
internal sealed class PipeLine : ISerialDevice, IAsyncDisposable
{
    private readonly NamedPipeClientStream stream;

    private PipeLine(NamedPipeClientStream stream) => this.stream = stream;

    /// <summary>The bytes to and from the guest.</summary>
    public Stream Stream => stream;

    /// <summary>Opens the pipe.</summary>
    /// <param name="pipe">Its name, without what every pipe's name begins with.</param>
    public static async Task<PipeLine> ConnectAsync(string pipe)
    {
        NamedPipeClientStream stream = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await stream.ConnectAsync(5000);
        return new PipeLine(stream);
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        stream.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        stream.WriteAsync(bytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
