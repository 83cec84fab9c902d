using System.Net.Sockets;
using System.Runtime.Versioning;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>What the other end of a Unix socket does.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixPeer
{
    private const short POLLHUP = 0x10;

    /// <summary>
    /// Whether nothing goes either way any more: the peer has closed its end, or each side has shut down its sending. A peer that has only
    /// shut down its own sending still reads. .NET has no question for that which could not wait behind a pending write.
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
