using System.Net;
using System.Net.Sockets;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// Two sockets that are connected with each other and with nobody else. Wine gives native programs no pipes, but it does give them sockets.
/// </summary>
internal static class LoopbackPair
{
    /// <summary>Strangers who may try to be quicker than our own connection, one after the other.</summary>
    private const int MaxStrangers = 16;

    /// <summary>Makes a pair.</summary>
    /// <returns>The end that we keep, and the one for the program.</returns>
    /// <exception cref="SocketException">There are no sockets left.</exception>
    /// <exception cref="IOException">Somebody else connected again and again.</exception>
    public static (Socket Ours, Socket Theirs) Make()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(MaxStrangers);
        Socket theirs = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            theirs.Connect(listener.LocalEndPoint!);
            for (int stranger = 0; stranger < MaxStrangers; stranger++)
            {
                Socket ours = listener.Accept();
                if (theirs.LocalEndPoint!.Equals(ours.RemoteEndPoint))
                {
                    ours.NoDelay = true;
                    return (ours, theirs);
                }

                ours.Dispose();
            }

            throw new IOException("Other programs connected to a socket that was meant for ourselves.");
        }
        catch
        {
            theirs.Dispose();
            throw;
        }
    }
}
