namespace VpcComApi.FaultRun.Transfer;

/// <summary>
/// One end of a transfer: sends its bytes and receives the other's at the same time, and after the last byte of the other confirms that
/// with one byte more. So each end knows whether all that it sent has arrived.
/// </summary>
/// <param name="stream">The pipe or the connection.</param>
/// <param name="own">The bytes to send.</param>
/// <param name="other">The bytes to get.</param>
/// <param name="length">How many bytes to send.</param>
/// <param name="otherLength">How many bytes to get.</param>
internal sealed class TransferParty(Stream stream, TransferBytes own, TransferBytes other, long length, long otherLength)
{
    /// <summary>Confirms that all bytes have arrived.</summary>
    private const byte Thanks = 0x5A;

    private const int LargestWrite = 64 * 1024;

    private readonly TaskCompletionSource<bool> gotAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Random sizes = new(unchecked((int)length));

    /// <summary>Points to the counts; a field of the caller cannot be held across a wait.</summary>
    public delegate ref TransferCounts Counts();

    /// <summary>Runs the transfer to its end, however it ends.</summary>
    public async Task RunAsync(Counts counts)
    {
        Task<TransferEnd> receiving = ReceiveAsync(counts);
        Task<TransferEnd> sending = SendAsync(counts);
        TransferEnd received = await receiving;
        TransferEnd sent = await sending;
        counts().SendEnd = (long)sent;
        counts().ReceiveEnd = (long)received;
    }

    private async Task<TransferEnd> SendAsync(Counts counts)
    {
        try
        {
            for (long place = 0; place < length;)
            {
                ReadOnlyMemory<byte> part = own.From(place, (int)Math.Min(sizes.Next(1, LargestWrite + 1), length - place));
                counts().Begun = place + part.Length;
                await stream.WriteAsync(part);
                place += part.Length;
                counts().Sent = place;
            }

            if (await gotAll.Task)
            {
                await stream.WriteAsync(new[] { Thanks });
            }

            return TransferEnd.Complete;
        }
        catch (IOException)
        {
            return TransferEnd.Broken;
        }
    }

    private async Task<TransferEnd> ReceiveAsync(Counts counts)
    {
        byte[] buffer = new byte[LargestWrite];
        try
        {
            for (long place = 0; place < otherLength;)
            {
                int count = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, otherLength - place)));
                if (count == 0)
                {
                    return TransferEnd.EndedEarly;
                }

                if (!other.Match(place, buffer.AsSpan(0, count)))
                {
                    return TransferEnd.WrongBytes;
                }

                place += count;
                counts().Received = place;
            }

            gotAll.SetResult(true);
            int thanks = await stream.ReadAsync(buffer.AsMemory(0, 1));
            return thanks == 0 ? TransferEnd.EndedEarly : buffer[0] == Thanks ? TransferEnd.Complete : TransferEnd.WrongBytes;
        }
        catch (IOException)
        {
            return TransferEnd.Broken;
        }
        finally
        {
            gotAll.TrySetResult(false);
        }
    }
}
