using System.Globalization;
using System.Text;

namespace VpcComApi.VpcBus;

/// <summary>Something that happened to a channel pair.</summary>
/// <param name="Kind">What.</param>
/// <param name="Time">When; the first time, if it happened several times in a row.</param>
/// <param name="Count">How many times in a row.</param>
/// <param name="LastTime">When it happened last.</param>
/// <param name="Detail">
/// The reason of a reset or of the bus's end, possibly text from the other side, without control characters; otherwise empty.
/// </param>
public sealed record ChannelEvent(ChannelEventKind Kind, DateTimeOffset Time, int Count, DateTimeOffset LastTime, string Detail)
{
    /// <summary>
    /// Describes events in one line for people: the first with its time of day (UTC), the others with the time since the first.
    /// <code>21:03:04.123 offered; +0.002 s accepted; +0.010 s first byte sent; +0.2 s sending stalled (12 times, last +3.1 s); +3.2 s
    /// reset by the other side: gone</code>
    /// </summary>
    /// <param name="events">The events, in order.</param>
    public static string Describe(IReadOnlyList<ChannelEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        StringBuilder text = new();
        foreach (ChannelEvent happened in events)
        {
            DateTimeOffset start = events[0].Time;
            text.Append(text.Length == 0 ? "" : "; ")
                .Append(
                    text.Length == 0
                        ? start.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)
                        : After(start, happened.Time))
                .Append(' ').Append(NameOf(happened.Kind));
            if (happened.Count > 1)
            {
                text.Append(CultureInfo.InvariantCulture, $" ({happened.Count} times, last {After(start, happened.LastTime)})");
            }

            if (happened.Detail.Length > 0)
            {
                text.Append(": ").Append(happened.Detail);
            }
        }

        return text.ToString();
    }

    private static string After(DateTimeOffset start, DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"+{(time - start).TotalSeconds:0.000} s");

    private static string NameOf(ChannelEventKind kind) => kind switch
    {
        ChannelEventKind.Offered => "offered",
        ChannelEventKind.Accepted => "accepted",
        ChannelEventKind.FirstByteSent => "first byte sent",
        ChannelEventKind.FirstByteReceived => "first byte received",
        ChannelEventKind.SendingStalled => "sending stalled",
        ChannelEventKind.ReceivingStalled => "receiving stalled",
        ChannelEventKind.SendingEnded => "sending ended",
        ChannelEventKind.ReceivingEnded => "receiving ended",
        ChannelEventKind.ReadingStopped => "this side stopped reading",
        ChannelEventKind.PeerStoppedReading => "the other side stopped reading",
        ChannelEventKind.Reset => "reset by this side",
        ChannelEventKind.ResetByPeer => "reset by the other side",
        ChannelEventKind.BusEnded => "the bus ended",
        _ => "ended in order",
    };
}
