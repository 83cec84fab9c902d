using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>The one table that says which HRESULT stands for which refusal of the domain. Each refusal has exactly one.</summary>
internal static class ErrorTable
{
    /// <summary>E_NOTIMPL.</summary>
    public const int NotImplemented = unchecked((int)0x80004001);

    /// <summary>E_OUTOFMEMORY.</summary>
    public const int OutOfMemory = unchecked((int)0x8007000E);

    /// <summary>HRESULT_FROM_WIN32(ERROR_CONNECTION_REFUSED).</summary>
    public const int ConnectionRefused = unchecked((int)0x800704C9);

    private static readonly Dictionary<VirtualMachineError, int> Table = new()
    {
        [VirtualMachineError.Unexpected] = HResults.DISP_E_EXCEPTION,
        [VirtualMachineError.InvalidArgument] = HResults.E_INVALIDARG,
        [VirtualMachineError.MissingArgument] = HResults.E_POINTER,
        [VirtualMachineError.NotPossibleNow] = HResults.E_FAIL,
        [VirtualMachineError.NotImplemented] = NotImplemented,
        [VirtualMachineError.AccessDenied] = HResults.E_ACCESSDENIED,
        [VirtualMachineError.BadIndex] = HResults.DISP_E_BADINDEX,
        [VirtualMachineError.MachineUnknown] = HResults.VM_E_VM_UNKNOWN,
        [VirtualMachineError.MachineNotRunning] = HResults.VM_E_VM_NOT_RUNNING,
        [VirtualMachineError.MachineRunning] = HResults.VM_E_VM_RUNNING,
        [VirtualMachineError.MachineRunningOrSaved] = HResults.VM_E_VM_RUNNING_OR_SAVED,
        [VirtualMachineError.MachinePaused] = HResults.VM_E_VM_PAUSED,
        [VirtualMachineError.NoSavedState] = HResults.VM_E_VM_NO_SAVED_STATE,
        [VirtualMachineError.SettingLockedWhileActive] = HResults.VM_E_PREF_VM_ACTIVE,
        [VirtualMachineError.ValueNotFound] = HResults.VM_E_PREF_NOT_FOUND,
        [VirtualMachineError.SavedStateBadVersion] = HResults.VM_E_PREF_SAVED_STATE_BAD_VERSION,
        [VirtualMachineError.SavedStateUnreadable] = HResults.VM_E_PREF_UNLOADABLE_ACTIVATION,
        [VirtualMachineError.ConfigurationWithoutName] = HResults.VM_E_CONFIG_NO_NAME,
        [VirtualMachineError.ConfigurationNameTooLong] = HResults.VM_E_CONFIG_NAME_TOO_LONG,
        [VirtualMachineError.ConfigurationNameInvalidCharacter] = HResults.VM_E_CONFIG_NAME_INVALID_CHAR,
        [VirtualMachineError.ConfigurationDuplicateName] = HResults.VM_E_CONFIG_DUPLICATE_NAME,
        [VirtualMachineError.IntegrationComponentsNotAvailable] = HResults.VM_E_ADDITIONS_NOT_AVAIL,
        [VirtualMachineError.IntegrationFeatureNotAvailable] = HResults.VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
        [VirtualMachineError.TimedOut] = HResults.VM_E_TIMED_OUT,
        [VirtualMachineError.OutOfResources] = HResults.VM_E_OUT_OF_RESOURCE,
        [VirtualMachineError.TooManyMachines] = HResults.VM_E_TOO_MANY_VMS,
        [VirtualMachineError.ApplicationShuttingDown] = HResults.VM_E_APP_SHUTTING_DOWN,
        [VirtualMachineError.FileNotFound] = HResults.HRESULT_FROM_WIN32_ERROR_FILE_NOT_FOUND,
        [VirtualMachineError.PathNotFound] = HResults.HRESULT_FROM_WIN32_ERROR_PATH_NOT_FOUND,
        [VirtualMachineError.BadPathName] = HResults.HRESULT_FROM_WIN32_ERROR_BAD_PATHNAME,
        [VirtualMachineError.InvalidPathName] = HResults.HRESULT_FROM_WIN32_ERROR_INVALID_NAME,
        [VirtualMachineError.PathTooLong] = HResults.HRESULT_FROM_WIN32_ERROR_BUFFER_OVERFLOW,
        [VirtualMachineError.AlreadyExists] = HResults.HRESULT_FROM_WIN32_ERROR_ALREADY_EXISTS,
        [VirtualMachineError.DiskFull] = HResults.HRESULT_FROM_WIN32_ERROR_DISK_FULL,
        [VirtualMachineError.ChannelNotReady] = HResults.HRESULT_FROM_WIN32_ERROR_NOT_READY,
        [VirtualMachineError.ChannelsClosing] = HResults.HRESULT_FROM_WIN32_ERROR_PIPE_BUSY,
        [VirtualMachineError.TooManyChannels] = HResults.HRESULT_FROM_WIN32_ERROR_MAX_SESSIONS_REACHED,
        [VirtualMachineError.RevisionMismatch] = HResults.HRESULT_FROM_WIN32_ERROR_REVISION_MISMATCH,
        [VirtualMachineError.ConnectionRefused] = ConnectionRefused,
        [VirtualMachineError.ShutdownInProgress] = HResults.HRESULT_FROM_WIN32_ERROR_SHUTDOWN_IN_PROGRESS,
        [VirtualMachineError.GuestLocked] = HResults.HRESULT_FROM_WIN32_ERROR_MACHINE_LOCKED,
        [VirtualMachineError.NobodyLoggedOn] = HResults.HRESULT_FROM_WIN32_ERROR_NO_SUCH_LOGON_SESSION,
        [VirtualMachineError.NoDisplay] = HResults.VM_E_NO_DISPLAY,
        [VirtualMachineError.MouseNotActive] = HResults.VM_E_MOUSE_NOT_ACTIVE,
        [VirtualMachineError.UsingRelativeCoordinates] = HResults.VM_E_USING_RELATIVE_COORDINATES,
        [VirtualMachineError.UsingAbsoluteCoordinates] = HResults.VM_E_USING_ABSOLUTE_COORDINATES,
        [VirtualMachineError.ExclusiveAccessRefused] = HResults.VM_E_SET_EXCLUSIVE_MODE_FAIL,
        [VirtualMachineError.IllegalValue] = HResults.VM_E_PREF_ILLEGAL_VALUE,
        [VirtualMachineError.HostAdapterNotFound] = HResults.VM_E_ADAPTER_NOT_FOUND,
        [VirtualMachineError.VirtualNetworkUnknown] = HResults.VM_E_INVALID_VIRTUAL_NETWORK_ID,
        [VirtualMachineError.DynamicAddressNotSettable] = HResults.VM_E_CANT_SET_DYNAMIC_MAC_ADDRESS,
        [VirtualMachineError.UsbEnumerationFailed] = HResults.VM_E_USB_ENUMERATION_FAILED,
        [VirtualMachineError.TooManyUsbDevices] = HResults.VM_E_USB_ENUMERATION_FAILED_MORE_DEVICES,
        [VirtualMachineError.UsbAttachFailed] = HResults.VM_E_USB_ATTACH_FAILED,
        [VirtualMachineError.UsbDeviceTaken] = HResults.VM_E_USB_ATTACH_FAILED_ALREADY_ASSIGNED,
        [VirtualMachineError.UsbPortsTaken] = HResults.VM_E_USB_ATTACH_FAILED_MORE_DEVICES,
        [VirtualMachineError.UsbDetachFailed] = HResults.VM_E_USB_DETACH_FAILED,
        [VirtualMachineError.SharingViolation] = HResults.HRESULT_FROM_WIN32_ERROR_SHARING_VIOLATION,
        [VirtualMachineError.InvalidDrive] = HResults.HRESULT_FROM_WIN32_ERROR_INVALID_DRIVE,
        [VirtualMachineError.DriveInvalid] = HResults.VM_E_DRIVE_INVALID,
        [VirtualMachineError.DriveLocationInUse] = HResults.VM_E_DRIVE_BUS_LOC_IN_USE,
        [VirtualMachineError.DriveInUse] = HResults.VM_E_DRIVE_IN_USE,
        [VirtualMachineError.MediaWrongType] = HResults.VM_E_MEDIA_WRONG_TYPE,
        [VirtualMachineError.ShutdownAborted] = HResults.E_FAIL,
        [VirtualMachineError.MediaUnmountFailed] = HResults.VM_E_MEDIA_UNMOUNT_FAIL,
        [VirtualMachineError.NoMediaCaptured] = HResults.VM_E_NO_MEDIA_CAPTURED,
        [VirtualMachineError.ImageCaptureFailed] = HResults.VM_E_IMAGE_CAPTURE_FAIL,
        [VirtualMachineError.NotAFloppyImage] = HResults.DISP_E_EXCEPTION,
        [VirtualMachineError.ParentPathNotFound] = HResults.VM_E_PARENT_PATH_NOT_FOUND,
        [VirtualMachineError.ParentModified] = HResults.VM_E_PARENT_MODIFIED,
        [VirtualMachineError.ParentMismatch] = HResults.VM_E_PARENT_CHILD_ID_MISMATCH,
        [VirtualMachineError.ParentInUse] = HResults.E_HANDLE,
        [VirtualMachineError.FileTooLargeForVolume] = HResults.VM_E_FILE_TOO_LARGE_FOR_VOLUME,
        [VirtualMachineError.FileReadOnly] = HResults.VM_E_FILE_READ_ONLY,
        [VirtualMachineError.WrongDiskKind] = HResults.VM_E_WRONG_HD_IMAGE_TYPE,
        [VirtualMachineError.DiskOpenFailed] = HResults.VM_E_HD_IMAGE_OPEN_FAIL,
        [VirtualMachineError.DiskAccessFailed] = HResults.VM_E_HD_IMAGE_ACCESS,
        [VirtualMachineError.InvalidDiskFile] = HResults.VM_E_INVALID_HD_FILE,
        [VirtualMachineError.UnsupportedDiskKind] = HResults.VM_E_UNSUPPORTED_HD_DISK_TYPE,
        [VirtualMachineError.DiskTooLarge] = HResults.VM_E_IMAGE_SIZE_TOO_LARGE,
        [VirtualMachineError.DiskTooSmall] = HResults.VM_E_IMAGE_SIZE_TOO_SMALL,
        [VirtualMachineError.ProviderFailed] = HResults.DISP_E_EXCEPTION,
    };

    /// <summary>The refusals that the table knows.</summary>
    public static IReadOnlyCollection<VirtualMachineError> Known => Table.Keys;

    /// <summary>The HRESULT of a refusal.</summary>
    public static int HResultOf(VirtualMachineError error) => Table.GetValueOrDefault(error, HResults.DISP_E_EXCEPTION);
}
