namespace VpcComApi.VirtualMachines.Channels;

/// <summary>Makes the ready event of a machine.</summary>
internal static class ReadyEvent
{
    /// <summary>The event's name for a machine's asset tag.</summary>
    internal static string NameOf(string chassisAssetTag) => $@"Local\{chassisAssetTag}_ChannelReady";

    /// <summary>
    /// Creates the event, or opens the one that a client has created first, and resets it. Only Windows has named events; elsewhere the
    /// signal stays in this process.
    /// </summary>
    /// <param name="chassisAssetTag">The machine's asset tag.</param>
    /// <exception cref="IOException">The system refused: the tag is not fit for a name, or somebody else's object has the name.</exception>
    internal static IReadyEvent Create(string chassisAssetTag) =>
        OperatingSystem.IsWindows() ? new NamedReadyEvent(NameOf(chassisAssetTag)) : new InProcessReadyEvent();
}
