namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// A link that declares that its two ends can share memory, because of what it is or of what is beside it. A bus over any other link moves
/// its bytes in frames.
/// </summary>
internal interface IRingLink
{
    /// <summary>Prepares for this side what the two sides share. Before the hello, which says that this side can have rings.</summary>
    /// <param name="timeProvider">The clock of a limit.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Where the rings come from; null when there are none now.</returns>
    ValueTask<RingHandover?> PrepareRingsAsync(TimeProvider timeProvider, CancellationToken cancellationToken);
}
