using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VpcBus;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// What the event log says of the guest service of one machine. A guest can repeat all of it at will, so each kind has a limit in time.
/// </summary>
/// <param name="machineName">The machine's name.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">The event log.</param>
internal sealed class GuestReports(string machineName, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Comings and goings of a guest service that are entered in <see cref="QuietTime"/>. More say nothing new.</summary>
    private const int MostComings = 10;

    /// <summary>At most one entry about the same trouble in this time.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMinutes(1);

    private readonly NotificationLimit troubles = new(1, QuietTime, timeProvider);
    private readonly NotificationLimit breaches = new(1, QuietTime, timeProvider);
    private readonly NotificationLimit comings = new(MostComings, QuietTime, timeProvider);
    private readonly NotificationLimit earlyStarts = new(1, QuietTime, timeProvider);
    private readonly NotificationLimit removals = new(MostComings, QuietTime, timeProvider);

    /// <summary>A text of a guest, as far as it is kept.</summary>
    public static string Bound(string reason) => GuestText.Bound(reason, BusOptions.MaxReasonLength);

    /// <summary>Whether <see cref="Ready"/> and <see cref="Gone"/> of a guest service that comes now are entered.</summary>
    public bool AdmitComing() => comings.Admit(out _);

    /// <summary>The guest service is up.</summary>
    public void Ready(string componentsVersion) => ChannelLog.GuestReady(logger, machineName, componentsVersion);

    /// <summary>The guest service has gone.</summary>
    public void Gone(string reason) => ChannelLog.GuestGone(logger, machineName, Bound(reason));

    /// <summary>A channel was to be started before the guest service was up, or to one that does not fit.</summary>
    public void ChannelRefused(ChannelEndpoints endpoints, VirtualMachineError error, string reason)
    {
        if (earlyStarts.Admit(out _))
        {
            ChannelLog.ChannelRefused(logger, machineName, endpoints.Pipe, endpoints.GuestPort, ChannelSide.Guest, error, reason);
        }
    }

    /// <summary>The integration components are being removed.</summary>
    /// <returns>Whether it was entered.</returns>
    public bool ComponentsRemoved()
    {
        bool isAdmitted = removals.Admit(out _);
        if (isAdmitted)
        {
            ChannelLog.ComponentsRemoved(logger, machineName);
        }

        return isAdmitted;
    }

    /// <summary>The guest service is of a version that does not fit.</summary>
    public void RevisionMismatch(string reason) => ChannelLog.RevisionMismatch(logger, machineName, Bound(reason));

    /// <summary>No connection to a guest service could be made or kept.</summary>
    public void Unreachable(Exception failure)
    {
        if (failure is BusException { Error: BusError.Corrupt })
        {
            ProtocolBroken(failure.Message);
        }
        else if (troubles.Admit(out _))
        {
            ChannelLog.GuestUnreachable(logger, machineName, Bound(failure.Message));
        }
    }

    /// <summary>The guest broke the protocol.</summary>
    public void ProtocolBroken(string reason)
    {
        if (breaches.Admit(out _))
        {
            ChannelLog.GuestBrokeProtocol(logger, machineName, Bound(reason));
        }
    }
}
