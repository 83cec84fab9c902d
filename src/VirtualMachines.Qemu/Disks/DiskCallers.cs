using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>
/// Finds QEMU among all that connect to a disk's socket: the first that knows the export's name. Others have a moment to name it, a limited
/// number of them at once, so that none keeps QEMU from its disk by saying nothing.
/// </summary>
/// <param name="socket">Where they connect.</param>
/// <param name="agree">The beginning of the protocol; false when the client gave up.</param>
/// <param name="image">The disk, for texts.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where refusals go.</param>
internal sealed class DiskCallers(
    IDiskSocket socket, Func<Stream, CancellationToken, Task<bool>> agree, string image, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Callers that are heard at once; more wait.</summary>
    public const int MaxCallers = 64;

    /// <summary>How long a caller may take to name the export.</summary>
    public static readonly TimeSpan AgreementLimit = TimeSpan.FromSeconds(5);

    private int refusals;

    /// <summary>Waits for QEMU. All other callers are gone when this returns.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection, behind its beginning.</returns>
    /// <exception cref="SocketException">The socket has failed.</exception>
    /// <exception cref="IOException">The system does not say whose program a caller is.</exception>
    public async Task<Socket> FindAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> hearings = [];
        Socket? chosen = null;
        ExceptionDispatchInfo end;
        try
        {
            while (true)
            {
                hearings.RemoveAll(hearing => hearing.IsCompleted);
                if (hearings.Count == MaxCallers)
                {
                    await Task.WhenAny(hearings);
                    continue;
                }

                Socket caller = await socket.AcceptAsync(found.Token);
                hearings.Add(HearAsync(caller));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            end = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            // Whatever ends the search: the callers use the disk's socket and our cancellation no longer than this.
            await found.CancelAsync();
            await Task.WhenAll(hearings);
        }

        if (chosen is null)
        {
            end.Throw();
        }

        return chosen!;

        async Task HearAsync(Socket caller)
        {
            bool isChosen = false;
            try
            {
                using CancellationTokenSource timeout = new(AgreementLimit, timeProvider);
                using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(found.Token, timeout.Token);
                await using NetworkStream stream = new(caller, ownsSocket: false);
                isChosen = await agree(stream, limit.Token) && Interlocked.CompareExchange(ref chosen, caller, null) is null;
            }
            catch (OperationCanceledException)
            {
                Refuse($"it did not name the disk within {AgreementLimit.TotalSeconds:0} s");
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever is wrong with one caller, QEMU may still come.
                Refuse(e.Message);
            }
            finally
            {
                if (!isChosen)
                {
                    caller.Dispose();
                }
            }

            if (isChosen)
            {
                await found.CancelAsync();
            }
        }

        void Refuse(string reason)
        {
            // Once for all: whoever tries again and again shall not fill the log. Those that are disconnected because QEMU has come are not
            // logged.
            if (!found.IsCancellationRequested && Interlocked.Increment(ref refusals) == 1)
            {
                QemuMachineLog.DiskCallerRefused(logger, image, reason);
            }
        }
    }
}
