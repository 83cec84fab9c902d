using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Tests.Activation;

/// <summary>Counts as COM does, without COM.</summary>
internal sealed class FakeServerProcess : IServerProcess
{
    /// <summary>What keeps the process running.</summary>
    public int References { get; private set; }

    public void AddReference() => References++;

    public bool ReleaseReference() => --References == 0;
}
