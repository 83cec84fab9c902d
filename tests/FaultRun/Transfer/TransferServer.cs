using System.Net;
using System.Net.Sockets;

namespace VpcComApi.FaultRun.Transfer;

/// <summary>The program in the guest: one transfer a connection, until it is killed.</summary>
internal static class TransferServer
{
    /// <summary>What it writes before its port's number.</summary>
    public const string PortPrefix = "port ";

    /// <summary>Serves for ever.</summary>
    public static async Task<int> RunAsync(string folder)
    {
        using TcpListener listener = new(IPAddress.Loopback, port: 0);
        listener.Start();
        Console.WriteLine(PortPrefix + ((IPEndPoint)listener.LocalEndpoint).Port);
        while (true)
        {
            _ = ServeAsync(await listener.AcceptTcpClientAsync(), folder);
        }
    }

    private static async Task ServeAsync(TcpClient connection, string folder)
    {
        using (connection)
        {
            NetworkStream stream = connection.GetStream();
            byte[] first = new byte[TransferHeader.Size];
            try
            {
                await stream.ReadExactlyAsync(first);
            }
            catch (IOException)
            {
                // No client connected: the channel was killed before it transferred anything.
                return;
            }

            TransferHeader header = TransferHeader.Read(first);
            using TransferLedger ledger = TransferLedger.Open(folder, header.Round);
            await new TransferParty(
                stream,
                new TransferBytes(header.Round, header.Transfer, fromClient: false),
                new TransferBytes(header.Round, header.Transfer, fromClient: true),
                ledger.Server(header.Transfer).Wanted,
                ledger.Client(header.Transfer).Wanted).RunAsync(() => ref ledger.Server(header.Transfer));
        }
    }
}
