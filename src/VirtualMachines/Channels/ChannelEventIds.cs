using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// The ids of the event-log entries about communication channels and the link to a guest (2000-2999). An id keeps its meaning for ever.
/// </summary>
public static class ChannelEventIds
{
    /// <summary>A communication channel was opened.</summary>
    public const int ChannelOpened = 2000;

    /// <summary>A communication channel was refused.</summary>
    public const int ChannelRefused = 2001;

    /// <summary>A communication channel has ended.</summary>
    public const int ChannelEnded = 2002;

    /// <summary>A communication channel has failed.</summary>
    public const int ChannelFailed = 2003;

    /// <summary>The guest service of a machine is up.</summary>
    public const int GuestReady = 2010;

    /// <summary>The guest service of a machine has gone.</summary>
    public const int GuestGone = 2011;

    /// <summary>Host and guest components do not fit together.</summary>
    public const int RevisionMismatch = 2012;

    /// <summary>A guest broke the protocol and was cut off.</summary>
    public const int GuestBrokeProtocol = 2013;

    /// <summary>A guest could not be reached.</summary>
    public const int GuestUnreachable = 2014;

    /// <summary>A guest notifies too often; some of it is dropped.</summary>
    public const int NotificationsDropped = 2015;

    /// <summary>The ready event could not be created.</summary>
    public const int ReadyEventUnavailable = 2016;

    /// <summary>The integration components are being removed from a guest.</summary>
    public const int ComponentsRemoved = 2017;

    /// <summary>Every id with its name and meaning, in order: what the documentation is made of and tested against.</summary>
    internal static IReadOnlyList<MachineEventDescription> All { get; } =
    [
        new(
            ChannelOpened, nameof(ChannelOpened),
            "A communication channel was opened: its pipe is there, and the guest service is connected to the port."),
        new(ChannelRefused, nameof(ChannelRefused), "A communication channel was refused; nothing of it is left."),
        new(ChannelEnded, nameof(ChannelEnded), "A communication channel has ended in order, or with its machine."),
        new(
            ChannelFailed, nameof(ChannelFailed),
            "A communication channel has failed: its guest program or the link to the guest is gone."),
        new(GuestReady, nameof(GuestReady), "The guest service of a machine is up; the ready event is set."),
        new(GuestGone, nameof(GuestGone), "The guest service of a machine has gone; the ready event is reset."),
        new(
            RevisionMismatch, nameof(RevisionMismatch),
            "Host and guest components do not fit together; install those of this version in the guest."),
        new(
            GuestBrokeProtocol, nameof(GuestBrokeProtocol),
            "A guest broke the protocol and was cut off. At most one entry a minute and machine."),
        new(
            GuestUnreachable, nameof(GuestUnreachable),
            "A guest service could not be greeted, and is tried again. At most one entry a minute and machine."),
        new(NotificationsDropped, nameof(NotificationsDropped), "A guest notifies more often than 30 times a minute; the rest is dropped."),
        new(
            ReadyEventUnavailable, nameof(ReadyEventUnavailable),
            "The ready event could not be created; the machine runs, but clients cannot wait for it."),
        new(ComponentsRemoved, nameof(ComponentsRemoved), "The integration components are being removed from a guest."),
    ];
}
