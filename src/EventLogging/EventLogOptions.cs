namespace VpcComApi.EventLogging;

/// <summary>How and where a program's events are stored.</summary>
public sealed class EventLogOptions
{
    /// <summary>The size of a file, in bytes, at which the next one is begun.</summary>
    public const long MaximumFileBytes = 4 * 1024 * 1024;

    /// <summary>The most files of one program; the oldest are deleted.</summary>
    public const int MaximumFiles = 8;

    /// <summary>The folder of the files; created if it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// The program's name, such as <c>vpc</c>: the files are <c>vpc-events.log</c>, <c>vpc-events_001.log</c> and so on. Letters, digits
    /// and dots only. Processes of the same name share the files without mixing their entries.
    /// </summary>
    public required string Program { get; init; }

    /// <summary>
    /// Whether entries with a stable event id are also written to the Windows event log, on Windows and if its source is registered. True
    /// by default.
    /// </summary>
    public bool UseWindowsEventLog { get; init; } = true;
}
