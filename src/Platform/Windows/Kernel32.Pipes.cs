using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Windows;

/// <content>The calls on named pipes and their pending operations.</content>
internal static unsafe partial class Kernel32
{
    public const uint PIPE_ACCESS_DUPLEX = 0x3;
    public const uint FILE_FLAG_OVERLAPPED = 0x40000000;
    public const uint FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    public const uint PIPE_TYPE_BYTE = 0x0;
    public const uint PIPE_REJECT_REMOTE_CLIENTS = 0x8;

    [LibraryImport("kernel32", EntryPoint = "CreateNamedPipeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafePipeHandle CreateNamedPipe(
        string name, uint openMode, uint pipeMode, uint maximumInstances, uint outBufferSize, uint inBufferSize, uint defaultTimeout,
        in SecurityAttributes securityAttributes);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ConnectNamedPipe(nint pipe, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DisconnectNamedPipe(SafePipeHandle pipe);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetNamedPipeClientProcessId(SafePipeHandle pipe, out uint processId);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetOverlappedResult(
        nint pipe, NativeOverlapped* overlapped, out uint transferred, [MarshalAs(UnmanagedType.Bool)] bool wait);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CancelIoEx(nint pipe, NativeOverlapped* overlapped);
}
