using System.Buffers.Binary;

namespace VpcComApi.VirtualMachines.Qemu.Networks;

/// <summary>
/// Transfers frames between a card's port and its QEMU, each after its length, in the format of QEMU's network "stream". What QEMU sends is
/// checked, because a guest may have taken control of it. Invalid data ends only this link.
/// </summary>
internal sealed class SwitchLink : IAsyncDisposable
{
    /// <summary>
    /// Frames that a card may send in <see cref="PaceInterval"/>; then its QEMU waits for the rest of the interval. This limits the
    /// processor time that a flood of frames can use.
    /// </summary>
    public const int FramesInInterval = 2000;

    /// <summary>The size of one read or write: about thirty frames of the usual length.</summary>
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

    /// <summary>Begins to transfer frames.</summary>
    /// <param name="network">The switch.</param>
    /// <param name="port">The card's port, which is removed with this link.</param>
    /// <param name="stream">The connection to QEMU, which is disposed with it.</param>
    /// <param name="timeProvider">The clock.</param>
    public SwitchLink(NetworkSwitch network, SwitchPort port, Stream stream, TimeProvider timeProvider)
    {
        this.network = network;
        this.port = port;
        this.stream = stream;
        this.timeProvider = timeProvider;
        Ended = CarryAsync();
    }

    /// <summary>Completes when no more frames are transferred: with null in the normal case, or with the error.</summary>
    public Task<string?> Ended { get; }

    /// <summary>Bytes of frames that the card has sent.</summary>
    public long BytesFromCard => Interlocked.Read(ref bytesFromCard);

    /// <summary>Bytes of frames that were sent to the card.</summary>
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

                // One read can contain the frames of several intervals; those after the last complete interval count for the next.
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
            // The machine has ended, or the card was connected to another network.
            return null;
        }
    }

    private async Task UntilAsync(long since, TimeSpan elapsed)
    {
        TimeSpan left;
        while ((left = elapsed - timeProvider.GetElapsedTime(since)) > TimeSpan.Zero)
        {
            // A timer counts whole milliseconds; the fraction is dropped.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), timeProvider, ending.Token);
        }
    }

    /// <summary>Passes on all complete frames.</summary>
    /// <returns>Their total number of bytes.</returns>
    /// <exception cref="InvalidDataException">A length that QEMU would not send.</exception>
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

            // A guest can send less than an address, which is ignored.
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
            // The machine has ended, or the card was connected to another network.
            return null;
        }
    }
}
