using System.Buffers.Binary;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>
/// Carries frames between a card's port and its QEMU, each behind its length as QEMU's network "stream" has it. What QEMU says is checked:
/// a guest may have broken into it. Nonsense ends this link and no other.
/// </summary>
internal sealed class SwitchLink : IAsyncDisposable
{
    /// <summary>
    /// Frames that a card may send in <see cref="PaceInterval"/>; its QEMU waits for the rest of it. More is a flood, which would keep our
    /// processor.
    /// </summary>
    public const int FramesInInterval = 2000;

    /// <summary>Bytes that are read or written at once, in some thirty frames of the usual length.</summary>
    private const int BufferSize = 96 * 1024;

    /// <summary>See <see cref="FramesInInterval"/>.</summary>
    public static readonly TimeSpan PaceInterval = TimeSpan.FromMilliseconds(20);

    private readonly NetworkSwitch network;
    private readonly SwitchPort port;
    private readonly Stream stream;
    private readonly TimeProvider timeProvider;
    private readonly CancellationTokenSource ending = new();
    private long bytesFromCard;
    private long bytesToCard;

    /// <summary>Begins to carry frames.</summary>
    /// <param name="network">The switch.</param>
    /// <param name="port">The card's port, which goes with this link.</param>
    /// <param name="stream">The connection to QEMU, which does too.</param>
    /// <param name="timeProvider">The clock.</param>
    public SwitchLink(NetworkSwitch network, SwitchPort port, Stream stream, TimeProvider timeProvider)
    {
        this.network = network;
        this.port = port;
        this.stream = stream;
        this.timeProvider = timeProvider;
        Ended = CarryAsync();
    }

    /// <summary>Completes when nothing is carried any more: with null in order, or with what was wrong.</summary>
    public Task<string?> Ended { get; }

    /// <summary>Bytes of frames that the card has sent.</summary>
    public long BytesFromCard => Interlocked.Read(ref bytesFromCard);

    /// <summary>Bytes of frames that were handed to the card.</summary>
    public long BytesToCard => Interlocked.Read(ref bytesToCard);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Ended;
        ending.Dispose();
    }

    private async Task<string?> CarryAsync()
    {
        Task<string?> reading = ReadAsync();
        Task<string?> writing = WriteAsync();
        Task<string?> first = await Task.WhenAny(reading, writing);
        network.Remove(port);
        await ending.CancelAsync();
        await Task.WhenAll(reading, writing);
        await stream.DisposeAsync();
        return await first;
    }

    private async Task<string?> ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        byte[] buffer = new byte[BufferSize];
        int length = 0;
        int frames = 0;
        long since = timeProvider.GetTimestamp();
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length), ending.Token) is > 0 and int read)
            {
                length += read;
                int used = ForwardAll(buffer.AsSpan(0, length), ref frames);
                buffer.AsSpan(used, length - used).CopyTo(buffer);
                length -= used;
                if (frames < FramesInInterval)
                {
                    continue;
                }

                // One read can hold the frames of several intervals; those beyond the last whole one count for the next.
                await UntilAsync(since, (frames / FramesInInterval) * PaceInterval);
                frames %= FramesInInterval;
                since = timeProvider.GetTimestamp();
            }

            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The machine has ended, or the card is plugged in elsewhere.
            return null;
        }
    }

    private async Task UntilAsync(long since, TimeSpan elapsed)
    {
        TimeSpan left;
        while ((left = elapsed - timeProvider.GetElapsedTime(since)) > TimeSpan.Zero)
        {
            // A timer counts whole milliseconds, and drops the rest.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), timeProvider, ending.Token);
        }
    }

    /// <summary>Passes on all whole frames.</summary>
    /// <returns>How many bytes they took.</returns>
    /// <exception cref="InvalidDataException">A length is none that QEMU would send.</exception>
    private int ForwardAll(ReadOnlySpan<byte> bytes, ref int frames)
    {
        int used = 0;
        while (bytes.Length - used >= FrameQueue.PrefixLength)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[used..]);
            if (length > EthernetFrame.LongestLength)
            {
                throw new InvalidDataException($"a frame of {length} bytes, where {EthernetFrame.LongestLength} are the most");
            }

            int end = used + FrameQueue.PrefixLength + (int)length;
            if (end > bytes.Length)
            {
                break;
            }

            // A guest can send less than an address, which means nothing to anybody.
            if (length >= EthernetFrame.ShortestLength)
            {
                Interlocked.Add(ref bytesFromCard, length);
                network.Forward(port, bytes[(used + FrameQueue.PrefixLength)..end]);
            }

            frames++;
            used = end;
        }

        return used;
    }

    private async Task<string?> WriteAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        byte[] buffer = new byte[BufferSize];
        try
        {
            while (true)
            {
                (int length, int frameBytes) = await port.Waiting.TakeAsync(buffer, ending.Token);
                await stream.WriteAsync(buffer.AsMemory(0, length), ending.Token);
                Interlocked.Add(ref bytesToCard, frameBytes);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The machine has ended, or the card is plugged in elsewhere.
            return null;
        }
    }
}
