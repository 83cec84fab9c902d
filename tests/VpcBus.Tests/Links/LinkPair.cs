namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>The two ends of a fresh link, and what must be cleaned up behind them.</summary>
internal sealed class LinkPair(Stream host, Stream guest, Action? cleanUp = null) : IAsyncDisposable
{
    /// <summary>The host's end.</summary>
    public Stream Host { get; } = host;

    /// <summary>The guest's end.</summary>
    public Stream Guest { get; } = guest;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Guest.DisposeAsync();
        cleanUp?.Invoke();
    }
}
