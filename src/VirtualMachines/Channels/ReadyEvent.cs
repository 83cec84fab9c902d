using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>Makes the ready event of a machine.</summary>
internal static class ReadyEvent
{
    /// <summary>The event's name for a machine's asset tag.</summary>
    internal static string NameOf(string chassisAssetTag) => $@"Local\{chassisAssetTag}_ChannelReady";

    /// <summary>
    /// Creates the event, or opens the one that a client has created first, and resets it. Only Windows has named events; elsewhere the
    /// signal stays in this process. It also does where Windows refuses (the tag is not fit for a name, or somebody else's object has the
    /// name): a machine runs without it, and an event is logged.
    /// </summary>
    /// <param name="chassisAssetTag">The machine's asset tag.</param>
    /// <param name="machineName">For the event log.</param>
    /// <param name="logger">The event log.</param>
    internal static IReadyEvent Create(string chassisAssetTag, string machineName, ILogger logger)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                return new NamedReadyEvent(NameOf(chassisAssetTag));
            }
            catch (IOException refusal)
            {
                ChannelLog.ReadyEventUnavailable(logger, machineName, refusal.Message);
            }
        }

        return new InProcessReadyEvent();
    }
}
