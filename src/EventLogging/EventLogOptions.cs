namespace VpcComApi.EventLogging;

/// <summary>Where a program's events are kept.</summary>
public sealed class EventLogOptions
{
    /// <summary>How large one file may grow before the next one is begun, in bytes.</summary>
    public const long MaximumFileBytes = 4 * 1024 * 1024;

    /// <summary>How many files of one program are kept; the oldest are deleted.</summary>
    public const int MaximumFiles = 8;

    /// <summary>The folder of the files; made when it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// The program's name, such as <c>vpc</c>: the files are <c>vpc-events.log</c>, <c>vpc-events_001.log</c> and so on. Letters, digits
    /// and dots only. Processes of the same name share the files; an entry is never torn.
    /// </summary>
    public required string Program { get; init; }

    /// <summary>
    /// Whether entries with a stable event id also go to the Windows event log, where there is one and its source is registered. True by
    /// default.
    /// </summary>
    public bool UseWindowsEventLog { get; init; } = true;
}
