using System.IO.Pipes;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>A channel's pipe, as the product makes it, and a client of it.</summary>
internal sealed class PipePair : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Makes the pipe and connects the client.</summary>
    public PipePair()
    {
        PipeName name = PipeName.Parse($"{PipeName.Prefix}vpc-verify-{Guid.NewGuid():N}");
        Listener = HostPipeListener.Create(name);
        Client = new NamedPipeClientStream(".", name.Name, PipeDirection.InOut, PipeOptions.Asynchronous);
        Client.Connect((int)Limit.TotalMilliseconds);
    }

    /// <summary>The server's side before it has accepted the client.</summary>
    public HostPipeListener Listener { get; }

    /// <summary>The client.</summary>
    public NamedPipeClientStream Client { get; }

    /// <summary>Accepts the client.</summary>
    public Stream Accept()
    {
        using CancellationTokenSource giveUp = new(Limit);
        return Listener.AcceptAsync(giveUp.Token).GetAwaiter().GetResult();
    }

    /// <summary>Reads until the stream's end.</summary>
    public static int ReadToEnd(Stream stream, Span<byte> into)
    {
        using CancellationTokenSource giveUp = new(Limit);
        byte[] buffer = new byte[into.Length];
        int all = 0;
        for (int read = -1; read != 0 && all < buffer.Length;)
        {
            read = stream.ReadAsync(buffer.AsMemory(all), giveUp.Token).AsTask().GetAwaiter().GetResult();
            all += read;
        }

        buffer.CopyTo(into);
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        Listener.Dispose();
    }
}
