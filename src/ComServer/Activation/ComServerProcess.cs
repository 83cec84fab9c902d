namespace VpcComApi.ComServer.Activation;

/// <inheritdoc cref="IServerProcess"/>
internal sealed class ComServerProcess : IServerProcess
{
    /// <inheritdoc/>
    public void AddReference() => _ = ComRuntime.CoAddRefServerProcess();

    /// <inheritdoc/>
    public bool ReleaseReference() => ComRuntime.CoReleaseServerProcess() == 0;
}
