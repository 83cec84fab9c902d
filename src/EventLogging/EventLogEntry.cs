using Microsoft.Extensions.Logging;

namespace VpcComApi.EventLogging;

/// <summary>One entry of the event log.</summary>
/// <param name="Time">When it was written, in UTC, to the millisecond.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="EventId">Which event it is; 0 when it has no number.</param>
/// <param name="Category">What it comes from, such as <c>VpcComApi.VirtualMachines.Channels</c>.</param>
/// <param name="Text">What happened. It may have several lines.</param>
/// <param name="Program">The program that wrote it.</param>
public sealed record EventLogEntry(
    DateTimeOffset Time, LogLevel Level, int EventId, string Category, string Text, string Program);
