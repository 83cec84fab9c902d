using System.Net;
using System.Net.Sockets;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// Creates two sockets that are connected with each other. Wine cannot pass pipes to native programs, but it can pass sockets.
/// </summary>
internal static class LoopbackPair
{
    /// <summary>Connections of other programs that may arrive before the own one.</summary>
    private const int MaxOtherConnections = 16;

    /// <summary>Creates a pair.</summary>
    /// <returns>The end for this process, and the one for the program.</returns>
    /// <exception cref="SocketException">There are no free sockets.</exception>
    /// <exception cref="IOException">Other programs have connected too often.</exception>
    public static (Socket Ours, Socket Theirs) Make()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(MaxOtherConnections);
        Socket theirs = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            theirs.Connect(listener.LocalEndPoint!);
            for (int attempt = 0; attempt < MaxOtherConnections; attempt++)
            {
                Socket ours = listener.Accept();
                if (theirs.LocalEndPoint!.Equals(ours.RemoteEndPoint))
                {
                    ours.NoDelay = true;
                    return (ours, theirs);
                }

                ours.Dispose();
            }

            throw new IOException("Other programs connected to a socket that is for this process only.");
        }
        catch
        {
            theirs.Dispose();
            throw;
        }
    }
}
