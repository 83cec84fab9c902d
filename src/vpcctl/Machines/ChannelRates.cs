namespace VpcComApi.CommandLine.Machines;

/// <summary>Turns what channels have carried at each look into bytes a second between two looks.</summary>
internal sealed class ChannelRates
{
    private Dictionary<(string Machine, string Pipe), ChannelSummary> last = [];

    /// <summary>The channels with their rates since the last look; those that were not there then have none.</summary>
    /// <param name="channels">The channels now.</param>
    public ChannelSummary[] Add(ChannelSummary[] channels)
    {
        ChannelSummary[] rated = [.. channels.Select(Rate)];
        last = channels.ToDictionary(channel => (channel.Machine, channel.Pipe));
        return rated;
    }

    private ChannelSummary Rate(ChannelSummary now)
    {
        // The channel's own age is the clock: no time is lost or gained on the way here.
        if (!last.TryGetValue((now.Machine, now.Pipe), out ChannelSummary? before) || now.AgeSeconds - before.AgeSeconds is not > 0)
        {
            return now;
        }

        double? seconds = now.AgeSeconds - before.AgeSeconds;
        return now with
        {
            RateToGuest = Rate(now.BytesToGuest - before.BytesToGuest, seconds),
            RateToHost = Rate(now.BytesToHost - before.BytesToHost, seconds),
        };
    }

    private static double? Rate(long? bytes, double? seconds) =>
        bytes >= 0 && seconds is { } span ? Math.Round(bytes.Value / span, 1) : null;
}
