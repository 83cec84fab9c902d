using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging;

/// <summary>One entry of the event log.</summary>
/// <param name="Time">When it was written, in UTC, to the millisecond.</param>
/// <param name="Level">Its severity.</param>
/// <param name="EventId">The event's id; 0 if it has none.</param>
/// <param name="Category">Its source, such as <c>VpcComApi.VirtualMachines.Channels</c>.</param>
/// <param name="Text">Its text. It may have several lines.</param>
/// <param name="Program">The program that wrote it.</param>
public sealed record EventLogEntry(
    DateTimeOffset Time, LogLevel Level, int EventId, string Category, string Text, string Program);
