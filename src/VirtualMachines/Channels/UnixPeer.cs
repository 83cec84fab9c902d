using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>Who is at the other end of a Unix socket.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixPeer
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;

    /// <summary>Process, user and group, of four bytes each.</summary>
    private const int CredentialsSize = 12;
    private const int UserOffset = 4;

    private const uint Root = 0;

    /// <summary>Whether the peer runs as this process's user or as root, who is everybody's administrator.</summary>
    internal static bool MayUseOurPipes(Socket client)
    {
        if (!OperatingSystem.IsLinux())
        {
            // Other systems are not supported hosts; there the file's mode alone decides.
            return true;
        }

        Span<byte> credentials = stackalloc byte[CredentialsSize];
        try
        {
            client.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials);
        }
        catch (SocketException)
        {
            return false;
        }

        uint user = MemoryMarshal.Read<uint>(credentials[UserOffset..]);
        return user == Root || user == EffectiveUser();
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
