namespace VpcComApi.VirtualDisks;

/// <summary>Reads what a volume says when it takes no more.</summary>
public static class VolumeErrors
{
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int UnixNoSpace = 28;
    private const int LinuxQuotaExceeded = 122;

    /// <summary>Whether a failure means that there was no room, on the volume or in what the user may have of it.</summary>
    /// <param name="exception">What was thrown.</param>
    public static bool IsFull(Exception exception) =>
        exception is IOException { HResult: WindowsDiskFull or WindowsHandleDiskFull or UnixNoSpace or LinuxQuotaExceeded };
}
