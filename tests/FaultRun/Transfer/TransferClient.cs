using System.IO.Pipes;

namespace VpcComApi.FaultRun.Transfer;

/// <summary>The program on the host: one transfer through each pipe.</summary>
internal static class TransferClient
{
    /// <summary>What it writes when all pipes are open.</summary>
    public const string ConnectedLine = "connected";

    private const int ConnectMilliseconds = 2_000;

    /// <summary>Runs the transfers of a round to their ends.</summary>
    public static async Task<int> RunAsync(string folder, int round, string[] pipes)
    {
        using TransferLedger ledger = TransferLedger.Open(folder, round);
        NamedPipeClientStream?[] clients = await Task.WhenAll(pipes.Select(ConnectAsync));
        Console.WriteLine(ConnectedLine);
        await Task.WhenAll(clients.Select((client, transfer) => TransferAsync(client, ledger, round, transfer)));
        return 0;
    }

    private static async Task<NamedPipeClientStream?> ConnectAsync(string pipe)
    {
        NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await client.ConnectAsync(ConnectMilliseconds);
            return client;
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            // The channel was killed before this client connected.
            await client.DisposeAsync();
            return null;
        }
    }

    private static async Task TransferAsync(NamedPipeClientStream? client, TransferLedger ledger, int round, int transfer)
    {
        if (client is null)
        {
            ledger.Client(transfer).ReceiveEnd = (long)TransferEnd.Broken;
            return;
        }

        await using (client)
        {
            try
            {
                await client.WriteAsync(new TransferHeader(round, transfer).ToBytes());
            }
            catch (IOException)
            {
                ledger.Client(transfer).ReceiveEnd = (long)TransferEnd.Broken;
                return;
            }

            await new TransferParty(
                client,
                new TransferBytes(round, transfer, fromClient: true),
                new TransferBytes(round, transfer, fromClient: false),
                ledger.Client(transfer).Wanted,
                ledger.Server(transfer).Wanted).RunAsync(() => ref ledger.Client(transfer));
        }
    }
}
