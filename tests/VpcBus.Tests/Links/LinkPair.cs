namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>The two ends of a new link, and what must be cleaned up after them.</summary>
internal sealed class LinkPair(Stream host, Stream guest, Action? cleanUp = null) : IAsyncDisposable
{
    private Action? cleanUp = cleanUp;

    /// <summary>The host's end.</summary>
    public Stream Host { get; } = host;

    /// <summary>The guest's end.</summary>
    public Stream Guest { get; } = guest;

    /// <summary>What is left to remove once both ends are closed.</summary>
    public Action? CleanUp => cleanUp;

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Host.DisposeAsync().AsTask(), Guest.DisposeAsync().AsTask());
        Interlocked.Exchange(ref cleanUp, null)?.Invoke();
    }
}
