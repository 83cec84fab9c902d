using VpcComApi.VpcBus;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// Detects that one direction of a channel stands still: bytes wait in it, and for <see cref="Limit"/> none was put in and none was taken
/// out. It sees what it is shown, so it is to be shown the direction several times in that time.
/// </summary>
/// <param name="timeProvider">The clock.</param>
internal sealed class StallWatch(TimeProvider timeProvider)
{
    /// <summary>
    /// How long nothing moves before a direction counts as stalled. What moves a little all the time is slow, and not stalled.
    /// </summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private long bytes;
    private long waiting;
    private long since = timeProvider.GetTimestamp();

    /// <summary>Looks at the direction.</summary>
    /// <param name="channel">Its bus channel now; null when it has ended.</param>
    /// <returns>Whether it is stalled.</returns>
    internal bool Look(BusChannelStatistics? channel)
    {
        lock (sync)
        {
            long nowWaiting = channel?.WaitingBytes ?? 0;
            long nowBytes = channel?.Bytes ?? 0;
            if (nowWaiting == 0 || nowWaiting != waiting || nowBytes != bytes)
            {
                waiting = nowWaiting;
                bytes = nowBytes;
                since = timeProvider.GetTimestamp();
            }

            return waiting > 0 && timeProvider.GetElapsedTime(since) >= Limit;
        }
    }
}
