using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Emulated;

/// <summary>The provider's messages; ids 1800 to 1899.</summary>
internal static partial class EmulatedMachineLog
{
    [LoggerMessage(1800, LogLevel.Information, "The guest of '{Machine}' boots as process {ProcessId}.")]
    public static partial void GuestBoots(ILogger logger, string machine, int processId);

    [LoggerMessage(1801, LogLevel.Warning, "A connection to the bus device of '{Machine}' was refused: {Reason}.")]
    public static partial void LinkRefused(ILogger logger, string machine, string reason);

    [LoggerMessage(1802, LogLevel.Warning, "The guest of '{Machine}' wrote too much: {Count} lines were dropped.")]
    public static partial void GuestOutputDropped(ILogger logger, string machine, int count);

    [LoggerMessage(EventId = 1803, Message = "Guest of '{Machine}': {Text}")]
    public static partial void GuestSaid(ILogger logger, LogLevel level, string machine, string text);

    [LoggerMessage(1804, LogLevel.Warning, "Resources of '{Machine}' could not be released.")]
    public static partial void CleanUpFailed(ILogger logger, Exception exception, string machine);

    [LoggerMessage(
        1805, LogLevel.Warning, "The non-volatile memory of '{Machine}' in {File} cannot be read and was put aside as {PutAside}.")]
    public static partial void MemoryUnreadable(ILogger logger, Exception exception, string machine, string file, string putAside);

    [LoggerMessage(1806, LogLevel.Error, "The non-volatile memory of '{Machine}' could not be written.")]
    public static partial void MemoryNotWritten(ILogger logger, Exception exception, string machine);

    [LoggerMessage(1807, LogLevel.Warning, "The processor of '{Machine}' faulted, and its guest boots again: {Reason}.")]
    public static partial void ProcessorFault(ILogger logger, string machine, string reason);

    [LoggerMessage(
        1808,
        LogLevel.Warning,
        "The guest of '{Machine}' violates the protocol of serial line COM{Port}, and what it sent is lost: {Reason}.")]
    public static partial void SerialProtocolViolated(ILogger logger, string machine, int port, string reason);
}
