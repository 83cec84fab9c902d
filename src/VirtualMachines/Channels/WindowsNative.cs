using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The calls and numbers of Windows that pipes and events need and .NET does not offer.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsNative
{
    internal const uint PIPE_ACCESS_DUPLEX = 0x3;
    internal const uint FILE_FLAG_OVERLAPPED = 0x40000000;
    internal const uint FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    internal const uint PIPE_TYPE_BYTE = 0x0;
    internal const uint PIPE_REJECT_REMOTE_CLIENTS = 0x8;

    internal const int FilePipeLocalInformation = 24;
    internal const uint FILE_PIPE_CLOSING_STATE = 4;

    internal const uint CREATE_EVENT_MANUAL_RESET = 0x1;
    internal const uint EVENT_MODIFY_STATE = 0x2;
    internal const uint SYNCHRONIZE = 0x00100000;

    internal const uint SDDL_REVISION_1 = 1;

    internal const int ERROR_ACCESS_DENIED = 5;
    internal const int ERROR_PIPE_BUSY = 231;
    internal const int ERROR_NO_DATA = 232;
    internal const int ERROR_PIPE_CONNECTED = 535;
    internal const int ERROR_OPERATION_ABORTED = 995;
    internal const int ERROR_IO_PENDING = 997;

    /// <summary>The HRESULT that stands for a Win32 error.</summary>
    internal static int HResultOf(int error) => unchecked((int)0x80070000) | error;

    [LibraryImport("kernel32", EntryPoint = "CreateNamedPipeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial SafePipeHandle CreateNamedPipe(
        string name, uint openMode, uint pipeMode, uint maximumInstances, uint outBufferSize, uint inBufferSize, uint defaultTimeout,
        in SecurityAttributes securityAttributes);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool ConnectNamedPipe(nint pipe, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool DisconnectNamedPipe(SafePipeHandle pipe);

    [LibraryImport("ntdll")]
    internal static partial int NtQueryInformationFile(
        SafePipeHandle pipe, out IoStatus status, out PipeLocalInformation information, int size, int informationClass);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetOverlappedResult(
        nint pipe, NativeOverlapped* overlapped, out uint transferred, [MarshalAs(UnmanagedType.Bool)] bool wait);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool CancelIoEx(nint pipe, NativeOverlapped* overlapped);

    [LibraryImport("kernel32", EntryPoint = "CreateEventExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    internal static partial SafeWaitHandle CreateEventEx(in SecurityAttributes securityAttributes, string name, uint flags, uint desiredAccess);

    [LibraryImport("advapi32", EntryPoint = "ConvertStringSecurityDescriptorToSecurityDescriptorW", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool ConvertStringSecurityDescriptorToSecurityDescriptor(
        string text, uint revision, out nint descriptor, nint size);

    [LibraryImport("kernel32")]
    internal static partial nint LocalFree(nint memory);

    /// <summary>IO_STATUS_BLOCK.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoStatus
    {
        internal nint Status;
        internal nuint Information;
    }

    /// <summary>FILE_PIPE_LOCAL_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PipeLocalInformation
    {
        internal uint Type;
        internal uint Configuration;
        internal uint MaximumInstances;
        internal uint CurrentInstances;
        internal uint InboundQuota;
        internal uint ReadDataAvailable;
        internal uint OutboundQuota;
        internal uint WriteQuotaAvailable;
        internal uint State;
        internal uint End;
    }
}
