using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using VpcComApi.ChannelBench.Framed;

namespace VpcComApi.Microbenchmarks;

/// <summary>
/// One channel of a bus over a Unix socket, in frames and in rings, both ends in this process: the time and the allocations of a write
/// after the warm-up.
/// </summary>
public class ChannelBenchmarks
{
    private const int Writes = 1024;
    private const int Messages = 256;
    private const int MessageSize = 64;

    private BusOverSocket channel = null!;

    /// <summary>Bytes in one write.</summary>
    [Params(4 * 1024, 64 * 1024)]
    public int WriteSize { get; set; }

    /// <summary>Whether the bytes go through shared memory.</summary>
    [Params(false, true)]
    public bool UseRings { get; set; }

    /// <summary>Opens the bus.</summary>
    [GlobalSetup]
    public async Task OpenAsync() => channel = await BusOverSocket.OpenAsync(UseRings, CancellationToken.None);

    /// <summary>Closes it.</summary>
    [GlobalCleanup]
    public async Task CloseAsync() => await channel.DisposeAsync();

    /// <summary>One write of a bulk transfer.</summary>
    [Benchmark(OperationsPerInvoke = Writes)]
    public async Task WriteAsync()
    {
        Task draining = Task.Run(async () => await DrainAsync(channel.Far.Input, (long)Writes * WriteSize));
        PipeWriter output = channel.Near.Output;
        for (int write = 0; write < Writes; write++)
        {
            output.GetSpan(WriteSize)[..WriteSize].Clear();
            output.Advance(WriteSize);
            await output.FlushAsync();
        }

        await draining;
    }

    /// <summary>The round trip of one small message.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public async Task RoundTripAsync()
    {
        Task echo = Task.Run(EchoAsync);
        for (int message = 0; message < Messages; message++)
        {
            await SendMessageAsync(channel.Near.Output);
            await DrainAsync(channel.Near.Input, MessageSize);
        }

        await echo;
    }

    private async Task EchoAsync()
    {
        for (int message = 0; message < Messages; message++)
        {
            await DrainAsync(channel.Far.Input, MessageSize);
            await SendMessageAsync(channel.Far.Output);
        }
    }

    private static ValueTask<FlushResult> SendMessageAsync(PipeWriter output)
    {
        output.GetSpan(MessageSize)[..MessageSize].Clear();
        output.Advance(MessageSize);
        return output.FlushAsync();
    }

    /// <summary>Pooled, so that only allocations of the bus are counted.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask DrainAsync(PipeReader input, long length)
    {
        while (length > 0)
        {
            ReadResult read = await input.ReadAsync();
            length -= read.Buffer.Length;
            input.AdvanceTo(read.Buffer.End);
        }
    }
}
