using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>Tells which process is at the other end of a local link.</summary>
internal static partial class LinkPeer
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>The process that connected a Unix socket, or null where the platform does not tell.</summary>
    /// <param name="socket">The accepted socket.</param>
    public static int? ProcessIdOf(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // struct ucred: process, user, group.
        Span<byte> credentials = stackalloc byte[3 * sizeof(int)];
        int length = socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return length >= sizeof(int) ? MemoryMarshal.Read<int>(credentials) : null;
    }

    /// <summary>The process that connected a named pipe, or null where the platform does not tell.</summary>
    /// <param name="pipe">The connected server end.</param>
    [SupportedOSPlatform("windows")]
    public static int? ProcessIdOf(SafePipeHandle pipe) => GetNamedPipeClientProcessId(pipe, out uint processId) ? (int)processId : null;

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetNamedPipeClientProcessId(SafePipeHandle pipe, out uint processId);
}
