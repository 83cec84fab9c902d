namespace VpcComApi.VpcBus.Rings;

/// <summary>
/// A link whose two ends can share memory, by the link itself or by a device in addition to it. A bus over any other link transfers its
/// bytes in frames.
/// </summary>
internal interface IRingLink
{
    /// <summary>Prepares the rings on this side. Called before the hello, which announces that this side supports rings.</summary>
    /// <param name="timeProvider">The clock of time limits.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The source of the rings; null if there are none at the moment.</returns>
    ValueTask<RingHandover?> PrepareRingsAsync(TimeProvider timeProvider, CancellationToken cancellationToken);
}
