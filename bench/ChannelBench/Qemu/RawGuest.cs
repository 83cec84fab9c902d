using System.Diagnostics;
using System.Net.Sockets;
using VpcComApi.ChannelBench.Processes;

namespace VpcComApi.ChannelBench.Qemu;

/// <summary>A QEMU of the benchmark: the same hardware as the product's, without the product at either end of its port.</summary>
internal sealed class RawGuest : IAsyncDisposable
{
    private static readonly TimeSpan SocketLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess qemu;

    private RawGuest(ChildProcess qemu) => this.qemu = qemu;

    /// <summary>Its process.</summary>
    public int ProcessId => qemu.Id;

    /// <summary>Starts it.</summary>
    /// <param name="words">Its command line, from <see cref="QemuArguments"/>.</param>
    public static RawGuest Start(IReadOnlyList<string> words)
    {
        ChildProcess qemu = ChildProcess.StartLimited(words[0], words.Skip(1));
        qemu.DropOutput();
        return new RawGuest(qemu);
    }

    /// <summary>Waits until QEMU listens at a socket, and connects.</summary>
    /// <param name="path">The socket.</param>
    /// <exception cref="TimeoutException">The socket did not appear in time.</exception>
    public static async Task<Socket> ConnectAsync(string path)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return socket;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < SocketLimit)
            {
                socket.Dispose();
                await Task.Delay(5);
            }
        }
    }

    /// <summary>Ends it.</summary>
    public ValueTask DisposeAsync() => qemu.DisposeAsync();
}
