namespace VpcComApi.VpcBus.Channels;

/// <summary>One direction of an <see cref="IDirectRelay"/>.</summary>
internal interface IDirectRelayDirection
{
    /// <summary>Ends when nothing more will be moved this way.</summary>
    Task<DirectRelayEnd> Ended { get; }

    /// <summary>Bytes moved so far.</summary>
    long Bytes { get; }

    /// <summary>Ends the direction: no more bytes are moved.</summary>
    void Stop();
}
