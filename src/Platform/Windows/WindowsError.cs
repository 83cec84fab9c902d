namespace VpcComApi.Platform.Windows;

/// <summary>Errors of Windows (winerror.h).</summary>
internal static class WindowsError
{
    public const int ERROR_ACCESS_DENIED = 5;
    public const int ERROR_BROKEN_PIPE = 109;
    public const int ERROR_PIPE_BUSY = 231;
    public const int ERROR_NO_DATA = 232;
    public const int ERROR_PIPE_CONNECTED = 535;
    public const int ERROR_OPERATION_ABORTED = 995;
    public const int ERROR_IO_PENDING = 997;

    private const int Facility = unchecked((int)0x80070000);

    /// <summary>The HRESULT that stands for an error.</summary>
    /// <param name="error">The error's number.</param>
    public static int HResultOf(int error) => Facility | error;
}
