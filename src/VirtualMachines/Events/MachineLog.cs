using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Events;

/// <summary>The messages about the application and its machines.</summary>
internal static partial class MachineLog
{
    [LoggerMessage(MachineEventIds.ApplicationStarted, LogLevel.Information,
        "{Product} {Version} has started with the data folder {DataFolder}.")]
    public static partial void ApplicationStarted(ILogger logger, string product, string version, string dataFolder);

    [LoggerMessage(MachineEventIds.ApplicationStopped, LogLevel.Information, "{Product} has ended.")]
    public static partial void ApplicationStopped(ILogger logger, string product);

    [LoggerMessage(MachineEventIds.MachineLaunched, LogLevel.Information,
        "The machine '{Machine}' was started by the provider '{Provider}'.")]
    public static partial void MachineLaunched(ILogger logger, string machine, string provider);

    [LoggerMessage(MachineEventIds.MachineRestored, LogLevel.Information,
        "The machine '{Machine}' was restored from its saved state by the provider '{Provider}'.")]
    public static partial void MachineRestored(ILogger logger, string machine, string provider);

    [LoggerMessage(MachineEventIds.MachineSaved, LogLevel.Information, "The machine '{Machine}' was saved to {File}.")]
    public static partial void MachineSaved(ILogger logger, string machine, string file);

    [LoggerMessage(MachineEventIds.MachineTurnedOff, LogLevel.Information, "The machine '{Machine}' was turned off.")]
    public static partial void MachineTurnedOff(ILogger logger, string machine);

    [LoggerMessage(MachineEventIds.MachineTurnedOffByGuest, LogLevel.Information,
        "The machine '{Machine}' was turned off by its guest: {Reason}.")]
    public static partial void MachineTurnedOffByGuest(ILogger logger, string machine, string reason);

    [LoggerMessage(MachineEventIds.MachineReset, LogLevel.Information, "The machine '{Machine}' was reset.")]
    public static partial void MachineReset(ILogger logger, string machine);

    [LoggerMessage(MachineEventIds.NoHeartbeat, LogLevel.Warning, "The heartbeat of the guest in the machine '{Machine}' has stopped.")]
    public static partial void NoHeartbeat(ILogger logger, string machine);

    [LoggerMessage(MachineEventIds.ProcessorError, LogLevel.Error,
        "The processor of the guest in the machine '{Machine}' met a fatal error, and the machine reset itself.")]
    public static partial void ProcessorError(ILogger logger, string machine);

    [LoggerMessage(MachineEventIds.HostDiskSpaceWarning, LogLevel.Warning,
        "The disk of the machine '{Machine}' at {Folder} has {Megabytes} MB left. Make room.")]
    public static partial void HostDiskSpaceWarning(ILogger logger, string machine, string folder, long megabytes);

    [LoggerMessage(
        MachineEventIds.HostDiskSpaceError,
        LogLevel.Error,
        "The disk of the machine '{Machine}' at {Folder} has {Megabytes} MB left, so the machine was paused. Make room, then resume it.")]
    public static partial void HostDiskSpaceError(ILogger logger, string machine, string folder, long megabytes);

    [LoggerMessage(
        MachineEventIds.SearchCutShort,
        LogLevel.Warning,
        "A search was cut short after {Files} files in {Folders} folders, so there may be more. Give it fewer folders.")]
    public static partial void SearchCutShort(ILogger logger, int files, int folders);

    [LoggerMessage(MachineEventIds.MachineDied, LogLevel.Error,
        "The machine '{Machine}' died: {Reason}. It is turned off and can be started again.")]
    public static partial void MachineDied(ILogger logger, string machine, string reason);

    [LoggerMessage(MachineEventIds.StartFailed, LogLevel.Error, "The machine '{Machine}' could not be started: {Reason}")]
    public static partial void StartFailed(ILogger logger, Exception exception, string machine, string reason);

    [LoggerMessage(MachineEventIds.SaveFailed, LogLevel.Error, "The machine '{Machine}' could not be saved: {Reason}")]
    public static partial void SaveFailed(ILogger logger, Exception exception, string machine, string reason);

    [LoggerMessage(MachineEventIds.OperationFailed, LogLevel.Error, "{Operation} of the machine '{Machine}' failed: {Reason}")]
    public static partial void OperationFailed(
        ILogger logger, Exception exception, MachineOperation operation, string machine, string reason);

    [LoggerMessage(MachineEventIds.ForcedOff, LogLevel.Warning, "The machine '{Machine}' was turned off by force: {Reason}")]
    public static partial void ForcedOff(ILogger logger, Exception exception, string machine, string reason);

    [LoggerMessage(MachineEventIds.ReleaseFailed, LogLevel.Error, "What the machine '{Machine}' held could not be released: {Reason}")]
    public static partial void ReleaseFailed(ILogger logger, Exception exception, string machine, string reason);

    [LoggerMessage(MachineEventIds.MachinePaused, LogLevel.Information, "The machine '{Machine}' was paused: {Reason}.")]
    public static partial void MachinePaused(ILogger logger, string machine, string reason);

    [LoggerMessage(MachineEventIds.MachineResumed, LogLevel.Information, "The machine '{Machine}' goes on.")]
    public static partial void MachineResumed(ILogger logger, string machine);

    [LoggerMessage(MachineEventIds.SavedStateDiscarded, LogLevel.Information,
        "The saved state of the machine '{Machine}' was thrown away.")]
    public static partial void SavedStateDiscarded(ILogger logger, string machine);

    [LoggerMessage(MachineEventIds.UndoActionFailed, LogLevel.Error,
        "The undo disks of the machine '{Machine}' are kept, because this failed: {Reason}")]
    public static partial void UndoActionFailed(ILogger logger, Exception exception, string machine, string reason);

    [LoggerMessage(
        MachineEventIds.UndoFileLeft,
        LogLevel.Warning,
        "The file {File} was left: the machine '{Machine}' names it as the undo disk at {Position}, and it is not one. "
            + "Delete it yourself if nothing needs it.")]
    public static partial void UndoFileLeft(ILogger logger, string machine, string file, string position);

    [LoggerMessage(MachineEventIds.ConfigurationDamaged, LogLevel.Error,
        "The registered machine '{Machine}' ({File}) cannot be used: {Reason}")]
    public static partial void ConfigurationDamaged(ILogger logger, string machine, string file, string reason);

    [LoggerMessage(MachineEventIds.PreferencesDamaged, LogLevel.Error,
        "The preferences in {File} could not be read and were put aside as {PutAside}: {Reason}")]
    public static partial void PreferencesDamaged(ILogger logger, string file, string putAside, string reason);

    [LoggerMessage(MachineEventIds.DescriptionNotWritten, LogLevel.Warning,
        "The description of the machine '{Machine}' could not be written to {File}: {Reason}")]
    public static partial void DescriptionNotWritten(ILogger logger, string machine, string file, string reason);

    [LoggerMessage(MachineEventIds.MachineCreated, LogLevel.Information, "The machine '{Machine}' was created in {File}.")]
    public static partial void MachineCreated(ILogger logger, string machine, string file);

    [LoggerMessage(MachineEventIds.MachineRegistered, LogLevel.Information, "The machine '{Machine}' was registered from {File}.")]
    public static partial void MachineRegistered(ILogger logger, string machine, string file);

    [LoggerMessage(MachineEventIds.MachineUnregistered, LogLevel.Information, "The machine '{Machine}' was unregistered; {File} stays.")]
    public static partial void MachineUnregistered(ILogger logger, string machine, string file);

    [LoggerMessage(MachineEventIds.MachineDeleted, LogLevel.Information, "The machine '{Machine}' ({File}) was deleted.")]
    public static partial void MachineDeleted(ILogger logger, string machine, string file);

    [LoggerMessage(MachineEventIds.MachineRenamed, LogLevel.Information, "The machine '{OldName}' is now '{NewName}'.")]
    public static partial void MachineRenamed(ILogger logger, string oldName, string newName);

    [LoggerMessage(
        MachineEventIds.ConfigurationNotReread,
        LogLevel.Warning,
        "The machine '{Machine}' is reset and runs on with the values that it has, because its file could not be read: {Reason}. "
            + "Correct the file before its next start.")]
    public static partial void ConfigurationNotReread(ILogger logger, string machine, string reason);

    [LoggerMessage(MachineEventIds.SerialPortNotConnected, LogLevel.Warning,
        "The serial port COM{Number} of the machine '{Machine}' is not connected to '{End}': {Reason}")]
    public static partial void SerialPortNotConnected(ILogger logger, string machine, int number, string end, string reason);

    [LoggerMessage(MachineEventIds.HandlerFailed, LogLevel.Error, "A handler of an event of {Owner} failed.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string owner);

    [LoggerMessage(MachineEventIds.EventsDropped, LogLevel.Warning,
        "Handlers of the events of {Owner} hang: more than {Limit} events wait, and the oldest was dropped.")]
    public static partial void EventsDropped(ILogger logger, string owner, int limit);

    [LoggerMessage(
        MachineEventIds.ProviderNotReleased, LogLevel.Error,
        "What the provider '{Provider}' held for all of its machines could not be released: {Reason}")]
    public static partial void ProviderNotReleased(ILogger logger, Exception exception, string provider, string reason);
}
