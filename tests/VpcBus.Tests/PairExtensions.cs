using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace VpcComApi.VpcBus.Tests;

/// <summary>Short forms for what tests do with channel pairs.</summary>
internal static class PairExtensions
{
    public static async Task SendAsync(this BusChannelPair pair, byte[] bytes) =>
        await pair.Output.WriteAsync(bytes).AsTask().WaitAsync(BusPair.StepLimit);

    public static async Task EndAsync(this BusChannelPair pair) => await pair.Output.CompleteAsync();

    /// <summary>Bytes that the pair's receiving channel has taken from the link.</summary>
    public static long ReceivedBytes(this BusChannelPair pair, BusConnection bus) =>
        bus.Channels.Single(channel => channel.ChannelId == pair.InputChannelId).Bytes;

    /// <summary>Reads exactly so many bytes.</summary>
    public static async Task<byte[]> ReceiveAsync(this BusChannelPair pair, int length)
    {
        byte[] bytes = new byte[length];
        for (int received = 0; received < length;)
        {
            ReadResult read = await pair.Input.ReadAsync().AsTask().WaitAsync(BusPair.StepLimit);
            ReadOnlySequence<byte> part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, length - received));
            if (part.IsEmpty)
            {
                throw new EndOfStreamException($"The channel ended after {received} of {length} bytes.");
            }

            part.CopyTo(bytes.AsSpan(received));
            received += (int)part.Length;
            pair.Input.AdvanceTo(part.End);
        }

        return bytes;
    }

    /// <summary>Reads to the end and returns the number of bytes and their hash.</summary>
    public static async Task<(long Length, string Hash)> ReceiveToEndAsync(this PipeReader input)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        while (true)
        {
            ReadResult read = await input.ReadAsync();
            foreach (ReadOnlyMemory<byte> block in read.Buffer)
            {
                hash.AppendData(block.Span);
                length += block.Length;
            }

            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return (length, Convert.ToHexString(hash.GetHashAndReset()));
            }
        }
    }

    /// <summary>Sends so many pseudo-random bytes in writes of changing size, ends the direction, and returns the hash.</summary>
    public static async Task<(long Length, string Hash)> SendRandomAsync(
        this BusChannelPair pair, long length, int seed, int maxWrite = 100_000)
    {
        Random random = new(seed);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[maxWrite];
        random.NextBytes(buffer);
        for (long sent = 0; sent < length;)
        {
            int size = (int)Math.Min(random.Next(1, maxWrite + 1), length - sent);
            buffer[0]++;
            hash.AppendData(buffer, 0, size);
            await pair.Output.WriteAsync(buffer.AsMemory(0, size));
            sent += size;
        }

        await pair.Output.CompleteAsync();
        return (length, Convert.ToHexString(hash.GetHashAndReset()));
    }
}
