using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VirtualMachines.Emulated.Links;

/// <summary>
/// A machine's bus device, to which its guest's process connects. Connections of other processes, or without the machine's key, are
/// refused.
/// </summary>
/// <param name="machineName">The machine's name, for texts.</param>
/// <param name="findGuest">
/// Returns the id of the guest's process; null when none is running. It waits while the guest boots, because its process may connect before
/// its id is known.
/// </param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Where refusals go.</param>
/// <exception cref="IOException">It could not be created.</exception>
internal sealed class BusDevice(
    string machineName, Func<CancellationToken, Task<int?>> findGuest, TimeProvider timeProvider, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>How long a process that connected may take to prove the key.</summary>
    private static readonly TimeSpan ProofLimit = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a refusal, so that a process that connects endlessly uses little processor time.</summary>
    private static readonly TimeSpan RefusalPause = TimeSpan.FromMilliseconds(100);

    /// <summary>At most one log entry about refusals in this time.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private readonly GuestLinkListener listener = GuestLinkListener.Create();
    private readonly LinkKey key = LinkKey.Create();

    /// <summary>Guards the listener.</summary>
    private readonly SemaphoreSlim accepting = new(1);

    private long? refusalLoggedAt;

    /// <summary>The address, in the form for the guest.</summary>
    public string Address => listener.Address;

    /// <summary>The key, in the form for the guest.</summary>
    public string SecretKey => key.ToSecretText();

    /// <summary>Creates the address, so that the first attempt of a guest that starts now succeeds.</summary>
    /// <exception cref="IOException">It could not be created.</exception>
    public void Open() => listener.Open();

    /// <summary>Waits for the guest to connect.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The link. The caller disposes it.</returns>
    public async Task<Stream> AcceptAsync(CancellationToken cancellationToken)
    {
        await accepting.WaitAsync(cancellationToken);
        try
        {
            return await AcceptGuestAsync(cancellationToken);
        }
        finally
        {
            accepting.Release();
        }
    }

    /// <summary>Removes the address. A wait for the guest must have ended before.</summary>
    public async ValueTask DisposeAsync()
    {
        await accepting.WaitAsync();
        try
        {
            await listener.DisposeAsync();
        }
        finally
        {
            accepting.Release();
        }
    }

    private async Task<Stream> AcceptGuestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            GuestLink link = await listener.AcceptAsync(cancellationToken);
            try
            {
                if (await FindRefusalAsync(link, cancellationToken) is not { } refusal)
                {
                    return link.Stream;
                }

                await link.Stream.DisposeAsync();
                LogRefusal(refusal);
            }
            catch
            {
                await link.Stream.DisposeAsync();
                throw;
            }

            await Task.Delay(RefusalPause, timeProvider, cancellationToken);
        }
    }

    private void LogRefusal(string refusal)
    {
        if (refusalLoggedAt is not { } before || timeProvider.GetElapsedTime(before) >= LogInterval)
        {
            refusalLoggedAt = timeProvider.GetTimestamp();
            EmulatedMachineLog.LinkRefused(logger, machineName, refusal);
        }
    }

    /// <summary>Why a process that connected is not the guest, or null when it is.</summary>
    private async Task<string?> FindRefusalAsync(GuestLink link, CancellationToken cancellationToken)
    {
        int? guestId = await findGuest(cancellationToken);
        if (link.ProcessId is { } processId && processId != guestId)
        {
            return $"process {processId} is not its guest";
        }

        using CancellationTokenSource timeout = new(ProofLimit, timeProvider);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await key.ProveAsync(link.Stream, BusSide.Host, limit.Token) ? null : "it does not have the key";
        }
        catch (IOException e)
        {
            return $"it ended before it proved the key ({e.Message})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it did not prove the key within {ProofLimit.TotalSeconds:0} s";
        }
    }
}
