using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Linux;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Emulated.Native;

/// <summary>Finds the process at the other end of a local link.</summary>
internal static class LinkPeer
{
    /// <summary>The process that connected a Unix socket, or null if the platform does not provide it.</summary>
    /// <param name="socket">The accepted socket.</param>
    public static int? ProcessIdOf(Socket socket) => UnixPeerCredentials.Of(socket)?.ProcessId;

    /// <summary>The process that connected a named pipe, or null if the platform does not provide it.</summary>
    /// <param name="pipe">The connected server end.</param>
    [SupportedOSPlatform("windows")]
    public static int? ProcessIdOf(SafePipeHandle pipe) =>
        Kernel32.GetNamedPipeClientProcessId(pipe, out uint processId) ? (int)processId : null;
}
