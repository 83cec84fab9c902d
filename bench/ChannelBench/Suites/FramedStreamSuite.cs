using System.Diagnostics;
using System.IO.Pipelines;
using VpcComApi.ChannelBench.Framed;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Results;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>
/// The framed stream against Nerdbank.Streams: one channel of each library over a Unix socket, both ends in this process, written and read
/// through the same interface by the same loops. The rings, which replace the socket between processes of one computer, are measured too.
/// </summary>
internal sealed class FramedStreamSuite : ISuite
{
    private const int LargeWrite = 64 * 1024;
    private const int SmallWrite = 4 * 1024;
    private const int MessageSize = 64;

    /// <summary>Messages between two checks of the time limit.</summary>
    private const int MessagesAtOnce = 100;

    private static readonly TimeSpan TransferLimit = TimeSpan.FromSeconds(60);

    private readonly Measure bulk = NewMeasure("framed stream, 64 KiB writes", "MiB/s", moreIsBetter: true, limit: 2);
    private readonly Measure smallWrites = NewMeasure("framed stream, 4 KiB writes", "MiB/s", moreIsBetter: true);
    private readonly Measure roundTrip = NewMeasure("framed stream, 64-byte round trip", "us", moreIsBetter: false);
    private readonly Measure garbage = NewMeasure("garbage of a transfer in 64 KiB writes", "bytes/MiB", moreIsBetter: false);

    /// <inheritdoc/>
    public string Name => "framed";

    /// <inheritdoc/>
    public async Task<ResultTable> RunAsync(BenchContext context)
    {
        List<ChannelOverSocket> channels = [];
        try
        {
            channels.Add(await BusOverSocket.OpenAsync(useRings: false, context.CancellationToken));
            channels.Add(await NerdbankOverSocket.OpenAsync(NerdbankOverSocket.Version3, context.CancellationToken));
            channels.Add(await NerdbankOverSocket.OpenAsync(NerdbankOverSocket.Version2, context.CancellationToken));
            channels.Add(await BusOverSocket.OpenAsync(useRings: true, context.CancellationToken));
            Effort effort = context.Effort;
            for (int round = -effort.WarmUpRounds; round < effort.Rounds; round++)
            {
                context.Progress($"framed stream, round {round + 1} of {effort.Rounds}");
                for (int place = 0; place < channels.Count; place++)
                {
                    context.CancellationToken.ThrowIfCancellationRequested();
                    await TakeAsync(channels[(place + round + effort.WarmUpRounds) % channels.Count], effort, counts: round >= 0);
                }
            }

            return new ResultTable(
                "The framed stream as a library, over a Unix socket",
                [.. channels.Select(channel => channel.Name)],
                [bulk, smallWrites, roundTrip, garbage]);
        }
        finally
        {
            foreach (ChannelOverSocket channel in channels)
            {
                await channel.DisposeAsync();
            }
        }
    }

    private static Measure NewMeasure(string name, string unit, bool moreIsBetter, double? limit = null) => new(
        name,
        unit,
        moreIsBetter,
        limit is null ? [] : [new Goal(NerdbankOverSocket.NameOf(NerdbankOverSocket.Version3), limit.Value),
            new Goal(NerdbankOverSocket.NameOf(NerdbankOverSocket.Version2), limit.Value)]);

    private async Task TakeAsync(ChannelOverSocket channel, Effort effort, bool counts)
    {
        long garbageBefore = GC.GetTotalAllocatedBytes(precise: true);
        double bulkRate = await TransferAsync(channel, effort.BulkBytes, LargeWrite);
        double bytes = GC.GetTotalAllocatedBytes(precise: true) - garbageBefore;
        double smallRate = await TransferAsync(channel, effort.SmallWriteBytes, SmallWrite);
        double microseconds = await RoundTripsAsync(channel, effort);
        if (counts)
        {
            bulk.Add(channel.Name, bulkRate);
            smallWrites.Add(channel.Name, smallRate);
            roundTrip.Add(channel.Name, microseconds);
            garbage.Add(channel.Name, bytes / (effort.BulkBytes / (1024.0 * 1024.0)));
        }
    }

    private static async Task<double> TransferAsync(ChannelOverSocket channel, long total, int writeSize)
    {
        long began = Stopwatch.GetTimestamp();
        Task sending = Task.Run(() => SendAsync(channel.Near.Output, total, writeSize));
        Task<long> receiving = Task.Run(() => ReceiveAsync(channel.Far.Input, total));
        await Task.WhenAll(sending, receiving).WaitAsync(TransferLimit);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return await receiving == total
            ? total / (1024.0 * 1024.0) / seconds
            : throw new InvalidDataException($"{channel.Name}: of {total} bytes {await receiving} arrived as they were sent.");
    }

    private static async Task SendAsync(PipeWriter output, long total, int writeSize)
    {
        for (long sent = 0; sent < total;)
        {
            int length = (int)Math.Min(writeSize, total - sent);
            Pattern.Bytes.Slice((int)(sent & (Pattern.Period - 1)), length).CopyTo(output.GetSpan(length));
            output.Advance(length);
            await output.FlushAsync();
            sent += length;
        }
    }

    /// <summary>Reads the bytes.</summary>
    /// <returns>How many there were; -1 when some are wrong.</returns>
    private static async Task<long> ReceiveAsync(PipeReader input, long total)
    {
        long received = 0;
        bool fits = true;
        while (received < total)
        {
            ReadResult read = await input.ReadAsync();
            foreach (ReadOnlyMemory<byte> block in read.Buffer)
            {
                fits &= Pattern.Fits(block.Span, received);
                received += block.Length;
            }

            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return fits ? received : -1;
    }

    private static async Task<double> RoundTripsAsync(ChannelOverSocket channel, Effort effort)
    {
        List<double> batches = [];
        long began = Stopwatch.GetTimestamp();
        for (int done = 0; done < effort.RoundTrips && Stopwatch.GetElapsedTime(began) < effort.RoundTripLimit; done += MessagesAtOnce)
        {
            long sent = Stopwatch.GetTimestamp();
            Task echo = Task.Run(() => EchoAsync(channel.Far, MessagesAtOnce));
            for (int message = 0; message < MessagesAtOnce; message++)
            {
                channel.Near.Output.GetSpan(MessageSize)[..MessageSize].Clear();
                channel.Near.Output.Advance(MessageSize);
                await channel.Near.Output.FlushAsync();
                await ReceiveMessageAsync(channel.Near.Input);
            }

            await echo;
            batches.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds / MessagesAtOnce);
        }

        return Statistics.Median(batches);
    }

    private static async Task EchoAsync(IDuplexPipe pipe, int messages)
    {
        for (int message = 0; message < messages; message++)
        {
            await ReceiveMessageAsync(pipe.Input);
            pipe.Output.GetSpan(MessageSize)[..MessageSize].Clear();
            pipe.Output.Advance(MessageSize);
            await pipe.Output.FlushAsync();
        }
    }

    private static async ValueTask ReceiveMessageAsync(PipeReader input)
    {
        ReadResult read = await input.ReadAtLeastAsync(MessageSize);
        input.AdvanceTo(read.Buffer.GetPosition(MessageSize));
    }
}
