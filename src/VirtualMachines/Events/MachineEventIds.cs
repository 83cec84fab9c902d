namespace VpcComApi.VirtualMachines.Events;

/// <summary>
/// The ids of the event-log entries about the application and its machines (1000-1999). An id keeps its meaning for ever. 1000 to 1011 are
/// the contract's event categories (VMEventType) plus 1000, one id a category; the rest says more than the categories do.
/// </summary>
public static class MachineEventIds
{
    /// <summary>The application has started.</summary>
    public const int ApplicationStarted = 1000;

    /// <summary>The application has ended.</summary>
    public const int ApplicationStopped = 1001;

    /// <summary>A machine was started.</summary>
    public const int MachineLaunched = 1002;

    /// <summary>A machine was restored from its saved state.</summary>
    public const int MachineRestored = 1003;

    /// <summary>A machine was saved.</summary>
    public const int MachineSaved = 1004;

    /// <summary>A machine was turned off.</summary>
    public const int MachineTurnedOff = 1005;

    /// <summary>A machine was turned off from inside.</summary>
    public const int MachineTurnedOffByGuest = 1006;

    /// <summary>A machine was reset.</summary>
    public const int MachineReset = 1007;

    /// <summary>A guest's heartbeat has stopped.</summary>
    public const int NoHeartbeat = 1008;

    /// <summary>A guest's processor met a fatal error, and its machine reset itself.</summary>
    public const int ProcessorError = 1009;

    /// <summary>A disk of the host has little room left for a running machine.</summary>
    public const int HostDiskSpaceWarning = 1010;

    /// <summary>A disk of the host has no room left for a running machine, which was paused.</summary>
    public const int HostDiskSpaceError = 1011;

    /// <summary>A machine died: its process was killed or crashed.</summary>
    public const int MachineDied = 1020;

    /// <summary>A machine could not be started.</summary>
    public const int StartFailed = 1021;

    /// <summary>A machine could not be saved, and goes on.</summary>
    public const int SaveFailed = 1022;

    /// <summary>A machine could not be reset, paused or resumed.</summary>
    public const int OperationFailed = 1023;

    /// <summary>A machine was turned off by force, because its provider did not end it in time.</summary>
    public const int ForcedOff = 1024;

    /// <summary>What a machine held could not be released in time.</summary>
    public const int ReleaseFailed = 1025;

    /// <summary>A machine was paused.</summary>
    public const int MachinePaused = 1026;

    /// <summary>A paused machine goes on.</summary>
    public const int MachineResumed = 1027;

    /// <summary>A machine's saved state was thrown away.</summary>
    public const int SavedStateDiscarded = 1028;

    /// <summary>A machine was turned off, and its undo disks could not be merged or thrown away.</summary>
    public const int UndoActionFailed = 1029;

    /// <summary>A file that a configuration names as an undo disk was left, because it is not one.</summary>
    public const int UndoFileLeft = 1030;

    /// <summary>A registered machine's configuration cannot be read.</summary>
    public const int ConfigurationDamaged = 1040;

    /// <summary>The preferences could not be read; they were put aside and made anew.</summary>
    public const int PreferencesDamaged = 1041;

    /// <summary>A machine's description file (.vmcx) could not be written.</summary>
    public const int DescriptionNotWritten = 1042;

    /// <summary>A machine was created.</summary>
    public const int MachineCreated = 1043;

    /// <summary>A machine was registered.</summary>
    public const int MachineRegistered = 1044;

    /// <summary>A machine was unregistered.</summary>
    public const int MachineUnregistered = 1045;

    /// <summary>A machine was deleted.</summary>
    public const int MachineDeleted = 1046;

    /// <summary>A machine was renamed.</summary>
    public const int MachineRenamed = 1047;

    /// <summary>A search for files was cut short.</summary>
    public const int SearchCutShort = 1048;

    /// <summary>A machine was reset while its .vmc file could not be read.</summary>
    public const int ConfigurationNotReread = 1049;

    /// <summary>The host's end of a machine's serial port could not be opened or written.</summary>
    public const int SerialPortNotConnected = 1050;

    /// <summary>A handler of an event failed.</summary>
    public const int HandlerFailed = 1060;

    /// <summary>Events were dropped, because their handlers hang.</summary>
    public const int EventsDropped = 1061;

    /// <summary>What a provider holds for all of its machines could not be released, or not in time.</summary>
    public const int ProviderNotReleased = 1062;

    /// <summary>Every id with its name and meaning, in order: what the documentation is made of and tested against.</summary>
    internal static IReadOnlyList<MachineEventDescription> All { get; } =
    [
        new(ApplicationStarted, nameof(ApplicationStarted), "The application has started."),
        new(ApplicationStopped, nameof(ApplicationStopped), "The application has ended."),
        new(MachineLaunched, nameof(MachineLaunched), "A machine was started."),
        new(MachineRestored, nameof(MachineRestored), "A machine was restored from its saved state."),
        new(MachineSaved, nameof(MachineSaved), "A machine was saved."),
        new(MachineTurnedOff, nameof(MachineTurnedOff), "A machine was turned off."),
        new(MachineTurnedOffByGuest, nameof(MachineTurnedOffByGuest), "A machine was turned off from inside."),
        new(MachineReset, nameof(MachineReset), "A machine was reset."),
        new(NoHeartbeat, nameof(NoHeartbeat), "A guest's heartbeat has stopped."),
        new(ProcessorError, nameof(ProcessorError), "A guest's processor met a fatal error, and its machine reset itself."),
        new(HostDiskSpaceWarning, nameof(HostDiskSpaceWarning), "A disk of the host has less than 100 MB left for a running machine."),
        new(
            HostDiskSpaceError, nameof(HostDiskSpaceError),
            "A disk of the host has less than 20 MB left for a running machine, which was paused."),
        new(MachineDied, nameof(MachineDied), "A machine died: its process was killed or crashed. It can be started again."),
        new(StartFailed, nameof(StartFailed), "A machine could not be started; it is in the state it was in before."),
        new(SaveFailed, nameof(SaveFailed), "A machine could not be saved, and goes on."),
        new(OperationFailed, nameof(OperationFailed), "A machine could not be reset, paused or resumed."),
        new(ForcedOff, nameof(ForcedOff), "A machine was turned off by force, because its provider did not end it in time."),
        new(ReleaseFailed, nameof(ReleaseFailed), "What a machine held could not be released in time."),
        new(MachinePaused, nameof(MachinePaused), "A machine was paused."),
        new(MachineResumed, nameof(MachineResumed), "A paused machine goes on."),
        new(SavedStateDiscarded, nameof(SavedStateDiscarded), "A machine's saved state was thrown away."),
        new(
            UndoActionFailed, nameof(UndoActionFailed),
            "A machine was turned off, and its undo disks could not be merged or thrown away; they are kept."),
        new(
            UndoFileLeft, nameof(UndoFileLeft),
            "A file that a machine's configuration names as an undo disk was not deleted, because it is not one."),
        new(
            ConfigurationDamaged, nameof(ConfigurationDamaged),
            "A registered machine's configuration cannot be read; the other machines are there."),
        new(PreferencesDamaged, nameof(PreferencesDamaged), "The preferences could not be read; they were put aside and made anew."),
        new(
            DescriptionNotWritten, nameof(DescriptionNotWritten),
            "A machine's description file (.vmcx) could not be written; nothing depends on it."),
        new(MachineCreated, nameof(MachineCreated), "A machine was created."),
        new(MachineRegistered, nameof(MachineRegistered), "A machine was registered."),
        new(MachineUnregistered, nameof(MachineUnregistered), "A machine was unregistered; its files stay."),
        new(MachineDeleted, nameof(MachineDeleted), "A machine was deleted."),
        new(MachineRenamed, nameof(MachineRenamed), "A machine was renamed."),
        new(
            SearchCutShort, nameof(SearchCutShort),
            "A search for files took too long or found too much; there may be more files than it found."),
        new(
            ConfigurationNotReread, nameof(ConfigurationNotReread),
            "A machine was reset while its .vmc file could not be read; it runs on with the values that it has."),
        new(
            SerialPortNotConnected, nameof(SerialPortNotConnected),
            "The host's end of a machine's serial port could not be opened or written; the port is not connected."),
        new(HandlerFailed, nameof(HandlerFailed), "A handler of an event failed; the others got theirs."),
        new(EventsDropped, nameof(EventsDropped), "Events were dropped, because their handlers hang."),
        new(
            ProviderNotReleased,
            nameof(ProviderNotReleased),
            "What a provider holds for all of its machines could not be released, or not in time."),
    ];
}
