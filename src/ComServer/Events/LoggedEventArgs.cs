namespace VpcComApi.ComServer.Events;

/// <summary>An entry was written to the event log.</summary>
/// <param name="eventId">Its stable id.</param>
/// <param name="concernsApplication">Whether it is about the application itself and not about a machine.</param>
internal sealed class LoggedEventArgs(int eventId, bool concernsApplication) : EventArgs
{
    /// <summary>Its stable id.</summary>
    public int EventId { get; } = eventId;

    /// <summary>Whether it is about the application itself and not about a machine.</summary>
    public bool ConcernsApplication { get; } = concernsApplication;
}
