using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Turns what the file system throws into the domain's errors.</summary>
internal static class StorageErrors
{
    /// <summary>Whether <see cref="Translate"/> knows what to do with an exception.</summary>
    /// <param name="exception">What was thrown.</param>
    public static bool IsStorageError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or InvalidDataException;

    /// <summary>The domain's error for a failure of the file system.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="what">What failed, on what: "The configuration X could not be written".</param>
    public static VirtualMachineException Translate(Exception exception, string what)
    {
        (VirtualMachineError error, string advice) = exception switch
        {
            UnauthorizedAccessException => (VirtualMachineError.AccessDenied, "Check the rights on the file and its folder."),
            DirectoryNotFoundException => (VirtualMachineError.PathNotFound, "Check the path."),
            FileNotFoundException => (VirtualMachineError.FileNotFound, "Check the path."),
            PathTooLongException => (VirtualMachineError.PathTooLong, "Use a shorter path."),
            _ when VolumeErrors.IsFull(exception) => (VirtualMachineError.DiskFull, "Make room on the disk."),
            NotARegularFileException => (VirtualMachineError.Unexpected, string.Empty),
            InvalidDataException => (VirtualMachineError.Unexpected, "Repair the file or put a copy in its place."),
            _ => (VirtualMachineError.Unexpected, "Try again."),
        };
        return new VirtualMachineException(error, $"{what}: {exception.Message.TrimEnd('.')}. {advice}".TrimEnd(), exception);
    }
}
