namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// The signal by which other processes learn that a machine's communication channels can be started:
/// <c>Local\&lt;ChassisAssetTag&gt;_ChannelReady</c>, manual reset. Disposing resets it.
/// </summary>
internal interface IReadyEvent : IDisposable
{
    /// <summary>Whether it is set.</summary>
    bool IsSet { get; }

    /// <summary>The guest service is up.</summary>
    void Set();

    /// <summary>The machine has left Running and Paused, or the guest service is gone.</summary>
    void Reset();
}
