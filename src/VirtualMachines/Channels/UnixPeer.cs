using System.Net.Sockets;
using System.Runtime.Versioning;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>Who is at the other end of a Unix socket.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixPeer
{
    private const short POLLHUP = 0x10;

    /// <summary>Whether the peer runs as this process's user or as root, who is everybody's administrator.</summary>
    internal static bool MayUseOurPipes(Socket client) =>

        // Other systems are not supported hosts; there the file's mode alone decides.
        !OperatingSystem.IsLinux() || UnixPeerCredentials.Of(client) is { IsOurUserOrRoot: true };

    /// <summary>
    /// Whether nothing goes either way any more: the peer has closed its end, or each side has shut down its sending. A peer that has only shut down
    /// its own sending still reads. .NET has no question for that which could not wait behind a pending write.
    /// </summary>
    internal static bool HasHungUp(Socket socket)
    {
        bool held = false;
        try
        {
            socket.SafeHandle.DangerousAddRef(ref held);
            return (UnixPoll.Wait(socket.SafeHandle.DangerousGetHandle(), wanted: 0, milliseconds: 0) & POLLHUP) != 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        finally
        {
            if (held)
            {
                socket.SafeHandle.DangerousRelease();
            }
        }
    }
}
