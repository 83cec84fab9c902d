namespace VpcComApi.ChannelBench.Suites;

/// <summary>How much is measured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rounds">Rounds that count.</param>
/// <param name="WarmUpRounds">Rounds before them.</param>
/// <param name="BulkBytes">Bytes of a transfer in large writes.</param>
/// <param name="SmallWriteBytes">Bytes of a transfer in small writes.</param>
/// <param name="RoundTrips">Messages of a round.</param>
/// <param name="RoundTripLimit">The time limit of a round of messages.</param>
/// <param name="ManyChannelsRounds">Rounds with many channels.</param>
/// <param name="ManyChannelsBytes">Bytes of each of many channels.</param>
/// <param name="ChannelStarts">Channels that are opened one after the other.</param>
/// <param name="GuestStarts">Guests that are started one after the other.</param>
internal sealed record Effort(
    string Name,
    int Rounds,
    int WarmUpRounds,
    long BulkBytes,
    long SmallWriteBytes,
    int RoundTrips,
    TimeSpan RoundTripLimit,
    int ManyChannelsRounds,
    long ManyChannelsBytes,
    int ChannelStarts,
    int GuestStarts)
{
    private const long MiB = 1024 * 1024;

    /// <summary>Takes less than two minutes, including the build if little must be built.</summary>
    public static Effort Quick { get; } = new(
        "quick", Rounds: 5, WarmUpRounds: 1, 192 * MiB, 64 * MiB, RoundTrips: 2000, TimeSpan.FromSeconds(0.4),
        ManyChannelsRounds: 3, 2 * MiB, ChannelStarts: 100, GuestStarts: 5);

    /// <summary>For published results.</summary>
    public static Effort Full { get; } = new(
        "full", Rounds: 11, WarmUpRounds: 2, 384 * MiB, 128 * MiB, RoundTrips: 5000, TimeSpan.FromSeconds(0.8),
        ManyChannelsRounds: 7, 4 * MiB, ChannelStarts: 300, GuestStarts: 15);
}
