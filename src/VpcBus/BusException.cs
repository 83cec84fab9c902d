namespace VpcComApi.VpcBus;

/// <summary>A bus or one of its channels failed. <see cref="Error"/> is the kind of failure; the message describes it.</summary>
/// <param name="error">What went wrong.</param>
/// <param name="message">What failed, on what, and what to do.</param>
/// <param name="innerException">The cause, when there is one.</param>
public class BusException(BusError error, string message, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>The recent events of the channel pair that failed, oldest first; empty when the failure does not concern a pair.</summary>
    public IReadOnlyList<ChannelEvent> ChannelEvents { get; internal init; } = [];

    /// <summary>What went wrong.</summary>
    public BusError Error { get; } = error;

    /// <inheritdoc/>
    public override string ToString() => ChannelEvents.Count == 0 ? base.ToString()
        : $"{base.ToString()}{Environment.NewLine}Recent events of the channel: {ChannelEvent.Describe(ChannelEvents)}";
}
