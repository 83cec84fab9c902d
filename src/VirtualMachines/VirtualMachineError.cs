namespace VpcComApi.VirtualMachines;

/// <summary>
/// Why the domain refused or failed. Each member has exactly one HRESULT in the contract; the COM server has the table that says which.
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

    /// <summary>VM_E_NO_DISPLAY: the machine has no display.</summary>
    NoDisplay,

    /// <summary>VM_E_MOUSE_NOT_ACTIVE: the machine has no mouse.</summary>
    MouseNotActive,

    /// <summary>VM_E_USING_RELATIVE_COORDINATES: the mouse is moved by distances, so it has no position.</summary>
    UsingRelativeCoordinates,

    /// <summary>VM_E_USING_ABSOLUTE_COORDINATES: the mouse is moved to positions, and this needs distances.</summary>
    UsingAbsoluteCoordinates,

    /// <summary>VM_E_SET_EXCLUSIVE_MODE_FAIL: another keyboard object has exclusive access, or the machine is gone.</summary>
    ExclusiveAccessRefused,

    /// <summary>VM_E_PREF_ILLEGAL_VALUE: a value that is well-formed and cannot be used here.</summary>
    IllegalValue,

    /// <summary>VM_E_ADAPTER_NOT_FOUND: the host's network adapter is gone or switched off.</summary>
    HostAdapterNotFound,

    /// <summary>VM_E_INVALID_VIRTUAL_NETWORK_ID: no virtual network has this id.</summary>
    VirtualNetworkUnknown,

    /// <summary>VM_E_CANT_SET_DYNAMIC_MAC_ADDRESS: the Ethernet address is generated, so it cannot be set.</summary>
    DynamicAddressNotSettable,

    /// <summary>VM_E_USB_ENUMERATION_FAILED: the host's USB devices could not be listed.</summary>
    UsbEnumerationFailed,

    /// <summary>VM_E_USB_ENUMERATION_FAILED_MORE_DEVICES: the host has more USB devices than can be listed.</summary>
    TooManyUsbDevices,

    /// <summary>VM_E_USB_ATTACH_FAILED.</summary>
    UsbAttachFailed,

    /// <summary>VM_E_USB_ATTACH_FAILED_ALREADY_ASSIGNED: another machine has the device.</summary>
    UsbDeviceTaken,

    /// <summary>VM_E_USB_ATTACH_FAILED_MORE_DEVICES: the machine has as many USB devices as it can have.</summary>
    UsbPortsTaken,

    /// <summary>VM_E_USB_DETACH_FAILED.</summary>
    UsbDetachFailed,

    /// <summary>ERROR_SHARING_VIOLATION: a disk is in use, or part of a saved state.</summary>
    SharingViolation,

    /// <summary>ERROR_INVALID_DRIVE: the volume cannot hold a disk image.</summary>
    InvalidDrive,

    /// <summary>VM_E_DRIVE_INVALID: there is no such drive or connection at this position.</summary>
    DriveInvalid,

    /// <summary>VM_E_DRIVE_BUS_LOC_IN_USE: the position on the bus is taken.</summary>
    DriveLocationInUse,

    /// <summary>VM_E_DRIVE_IN_USE: something is in the drive already, or the host drive belongs to another machine.</summary>
    DriveInUse,

    /// <summary>VM_E_MEDIA_WRONG_TYPE: what is in the drive is not of that kind.</summary>
    MediaWrongType,

    /// <summary>E_FAIL: a guest that was to be shut down runs again, or was saved. The task's result is 9.</summary>
    ShutdownAborted,

    /// <summary>VM_E_MEDIA_UNMOUNT_FAIL: what is in the drive could not be taken out.</summary>
    MediaUnmountFailed,

    /// <summary>VM_E_NO_MEDIA_CAPTURED: nothing is in the drive.</summary>
    NoMediaCaptured,

    /// <summary>VM_E_IMAGE_CAPTURE_FAIL: the file cannot be used as a floppy disk.</summary>
    ImageCaptureFailed,

    /// <summary>The file is no image of a floppy disk (DISP_E_EXCEPTION, says the contract).</summary>
    NotAFloppyImage,

    /// <summary>VM_E_PARENT_PATH_NOT_FOUND: the parent of a differencing disk is missing.</summary>
    ParentPathNotFound,

    /// <summary>VM_E_PARENT_MODIFIED: the parent of a differencing disk has changed since.</summary>
    ParentModified,

    /// <summary>VM_E_PARENT_CHILD_ID_MISMATCH: the disk is not the parent of this one.</summary>
    ParentMismatch,

    /// <summary>E_HANDLE: the disk that an undo disk is to be merged into is in use.</summary>
    ParentInUse,

    /// <summary>VM_E_FILE_TOO_LARGE_FOR_VOLUME: the file system cannot hold a file of that size.</summary>
    FileTooLargeForVolume,

    /// <summary>VM_E_FILE_READ_ONLY.</summary>
    FileReadOnly,

    /// <summary>VM_E_WRONG_HD_IMAGE_TYPE: the operation does not fit the kind of disk.</summary>
    WrongDiskKind,

    /// <summary>VM_E_HD_IMAGE_OPEN_FAIL: the disk image is damaged or foreign.</summary>
    DiskOpenFailed,

    /// <summary>VM_E_HD_IMAGE_ACCESS: the disk image cannot be read now.</summary>
    DiskAccessFailed,

    /// <summary>VM_E_INVALID_HD_FILE: the disk image is damaged, foreign or too large for the bus.</summary>
    InvalidDiskFile,

    /// <summary>VM_E_UNSUPPORTED_HD_DISK_TYPE: the disk image is of a kind that is no longer used.</summary>
    UnsupportedDiskKind,

    /// <summary>VM_E_IMAGE_SIZE_TOO_LARGE.</summary>
    DiskTooLarge,

    /// <summary>VM_E_IMAGE_SIZE_TOO_SMALL.</summary>
    DiskTooSmall,

    /// <summary>The machine's provider could not do its work (VM_E_UNEXPECTED family; reported with its own text).</summary>
    ProviderFailed,
}
