namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The ids of the event-log entries about communication channels and the link to a guest (2000-2999). An id keeps its meaning for ever.</summary>
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
}
