using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>
/// Finds QEMU among the clients of a disk's socket: the first one that sends the export's name. A limited number of clients is served at
/// once, and each has limited time to send the name, so that a silent client cannot block QEMU.
/// </summary>
/// <param name="socket">The socket to which they connect.</param>
/// <param name="agree">The handshake of the protocol; returns false when the client has aborted it.</param>
/// <param name="image">The disk, for texts.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Receives log messages about refusals.</param>
internal sealed class DiskClients(
    IDiskSocket socket, Func<Stream, CancellationToken, Task<bool>> agree, string image, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>The most clients that are served at once; further ones wait.</summary>
    public const int MaxClients = 64;

    /// <summary>How long a client may take to send the export's name.</summary>
    public static readonly TimeSpan AgreementLimit = TimeSpan.FromSeconds(5);

    private int refusals;

    /// <summary>Waits for QEMU. All other clients are disconnected when this returns.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The connection, after the handshake.</returns>
    /// <exception cref="SocketException">The socket has failed.</exception>
    /// <exception cref="IOException">The user of a client cannot be determined.</exception>
    public async Task<Socket> FindAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> negotiations = [];
        Socket? chosen = null;
        ExceptionDispatchInfo end;
        try
        {
            while (true)
            {
                negotiations.RemoveAll(negotiation => negotiation.IsCompleted);
                if (negotiations.Count == MaxClients)
                {
                    await Task.WhenAny(negotiations);
                    continue;
                }

                Socket client = await socket.AcceptAsync(found.Token);
                negotiations.Add(NegotiateAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            end = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            // After any end of the search, the clients must not use the disk's socket and the token any longer.
            await found.CancelAsync();
            await Task.WhenAll(negotiations);
        }

        if (chosen is null)
        {
            end.Throw();
        }

        return chosen!;

        async Task NegotiateAsync(Socket client)
        {
            bool isChosen = false;
            try
            {
                using CancellationTokenSource timeout = new(AgreementLimit, timeProvider);
                using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(found.Token, timeout.Token);
                await using NetworkStream stream = new(client, ownsSocket: false);
                isChosen = await agree(stream, limit.Token) && Interlocked.CompareExchange(ref chosen, client, null) is null;
            }
            catch (OperationCanceledException)
            {
                Refuse($"it did not name the disk within {AgreementLimit.TotalSeconds:0} s");
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Any failure of one client is ignored, because QEMU may still connect.
                Refuse(e.Message);
            }
            finally
            {
                if (!isChosen)
                {
                    client.Dispose();
                }
            }

            if (isChosen)
            {
                await found.CancelAsync();
            }
        }

        void Refuse(string reason)
        {
            // Logged only once, so that repeated attempts cannot fill the log. Clients that are disconnected because QEMU has connected are
            // not logged.
            if (!found.IsCancellationRequested && Interlocked.Increment(ref refusals) == 1)
            {
                QemuMachineLog.DiskClientRefused(logger, image, reason);
            }
        }
    }
}
