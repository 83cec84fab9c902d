namespace VpcComApi.ComServer.Activation;

/// <summary>For Windows, where COM pings its clients and releases what dead ones held.</summary>
internal sealed class NoClientObserver : IClientObserver
{
    /// <inheritdoc/>
    public void NoteCaller()
    {
    }
}
