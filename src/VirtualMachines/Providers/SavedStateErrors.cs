using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Providers;

/// <summary>Turns what the file system throws at a provider that writes a saved state into the domain's errors.</summary>
public static class SavedStateErrors
{
    /// <summary>The domain's error for a state that could not be written.</summary>
    /// <param name="exception">What was thrown.</param>
    public static VirtualMachineError OfWriting(Exception exception) => exception switch
    {
        UnauthorizedAccessException => VirtualMachineError.AccessDenied,
        DirectoryNotFoundException => VirtualMachineError.PathNotFound,
        _ when VolumeErrors.IsFull(exception) => VirtualMachineError.DiskFull,
        _ => VirtualMachineError.ProviderFailed,
    };
}
