namespace VpcComApi.VirtualMachines;

/// <summary>
/// Why the domain refused or failed. Each member has exactly one HRESULT in the contract; the table that says which stands at the COM door.
/// </summary>
public enum VirtualMachineError
{
    /// <summary>Something nobody foresaw (DISP_E_EXCEPTION).</summary>
    Unexpected = 0,

    /// <summary>An argument is out of range or malformed (E_INVALIDARG).</summary>
    InvalidArgument,

    /// <summary>An argument is missing, or so malformed that the contract answers as if it were missing (E_POINTER).</summary>
    MissingArgument,

    /// <summary>The operation makes no sense now, and the contract has no finer code (E_FAIL).</summary>
    NotPossibleNow,

    /// <summary>The contract has this member, and this version does not do it yet (E_NOTIMPL).</summary>
    NotImplemented,

    /// <summary>A file or folder may not be written or read (E_ACCESSDENIED).</summary>
    AccessDenied,

    /// <summary>The index is outside 1..Count (DISP_E_BADINDEX).</summary>
    BadIndex,

    /// <summary>VM_E_VM_UNKNOWN: the machine behind the object is no longer registered.</summary>
    MachineUnknown,

    /// <summary>VM_E_VM_NOT_RUNNING.</summary>
    MachineNotRunning,

    /// <summary>VM_E_VM_RUNNING.</summary>
    MachineRunning,

    /// <summary>VM_E_VM_RUNNING_OR_SAVED.</summary>
    MachineRunningOrSaved,

    /// <summary>VM_E_VM_PAUSED.</summary>
    MachinePaused,

    /// <summary>VM_E_VM_NO_SAVED_STATE.</summary>
    NoSavedState,

    /// <summary>VM_E_PREF_VM_ACTIVE: the setting cannot change while the machine runs or is saved.</summary>
    SettingLockedWhileActive,

    /// <summary>VM_E_PREF_NOT_FOUND: no value under this key.</summary>
    ValueNotFound,

    /// <summary>VM_E_PREF_SAVED_STATE_BAD_VERSION: the saved-state file does not fit.</summary>
    SavedStateBadVersion,

    /// <summary>VM_E_PREF_UNLOADABLE_ACTIVATION: the saved-state file is missing or damaged.</summary>
    SavedStateUnreadable,

    /// <summary>VM_E_CONFIG_NO_NAME.</summary>
    ConfigurationWithoutName,

    /// <summary>VM_E_CONFIG_NAME_TOO_LONG.</summary>
    ConfigurationNameTooLong,

    /// <summary>VM_E_CONFIG_NAME_INVALID_CHAR.</summary>
    ConfigurationNameInvalidCharacter,

    /// <summary>VM_E_CONFIG_DUPLICATE_NAME.</summary>
    ConfigurationDuplicateName,

    /// <summary>VM_E_ADDITIONS_NOT_AVAIL: the guest has not booted far enough, or has no integration components.</summary>
    IntegrationComponentsNotAvailable,

    /// <summary>VM_E_ADDITIONS_FEATURE_NOT_AVAIL: the integration components lack this feature, or it is off.</summary>
    IntegrationFeatureNotAvailable,

    /// <summary>VM_E_TIMED_OUT.</summary>
    TimedOut,

    /// <summary>VM_E_OUT_OF_RESOURCE.</summary>
    OutOfResources,

    /// <summary>VM_E_TOO_MANY_VMS.</summary>
    TooManyMachines,

    /// <summary>VM_E_APP_SHUTTING_DOWN.</summary>
    ApplicationShuttingDown,

    /// <summary>ERROR_FILE_NOT_FOUND.</summary>
    FileNotFound,

    /// <summary>ERROR_PATH_NOT_FOUND.</summary>
    PathNotFound,

    /// <summary>ERROR_BAD_PATHNAME: empty or relative.</summary>
    BadPathName,

    /// <summary>ERROR_INVALID_NAME: an illegal character in a path.</summary>
    InvalidPathName,

    /// <summary>ERROR_BUFFER_OVERFLOW: a path of 260 characters or more.</summary>
    PathTooLong,

    /// <summary>ERROR_ALREADY_EXISTS.</summary>
    AlreadyExists,

    /// <summary>ERROR_DISK_FULL.</summary>
    DiskFull,

    /// <summary>ERROR_NOT_READY: the guest service is not up yet.</summary>
    ChannelNotReady,

    /// <summary>ERROR_PIPE_BUSY: channels are being torn down; try again.</summary>
    ChannelsClosing,

    /// <summary>ERROR_MAX_SESSIONS_REACHED: all channels are taken.</summary>
    TooManyChannels,

    /// <summary>ERROR_REVISION_MISMATCH: host and guest components do not fit together.</summary>
    RevisionMismatch,

    /// <summary>ERROR_CONNECTION_REFUSED: nobody listens on the guest's port.</summary>
    ConnectionRefused,

    /// <summary>ERROR_SHUTDOWN_IN_PROGRESS.</summary>
    ShutdownInProgress,

    /// <summary>ERROR_MACHINE_LOCKED: the guest is locked and the shutdown was not forced.</summary>
    GuestLocked,

    /// <summary>ERROR_NO_SUCH_LOGON_SESSION.</summary>
    NobodyLoggedOn,

    /// <summary>The machine's provider could not do its work (VM_E_UNEXPECTED family; reported with its own text).</summary>
    ProviderFailed,
}
