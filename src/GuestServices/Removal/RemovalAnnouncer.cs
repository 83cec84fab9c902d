using VpcComApi.GuestServices.Local;

namespace VpcComApi.GuestServices.Removal;

/// <summary>Informs the guest services that run from this program file that they are being removed.</summary>
internal static class RemovalAnnouncer
{
    /// <summary>The limit of the wait for one service.</summary>
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromSeconds(5);

    /// <summary>Informs them.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many services were informed, and how many of their hosts.</returns>
    public static async Task<(int Services, int Hosts)> AnnounceToAllAsync(CancellationToken cancellationToken)
    {
        int services = 0;
        int hosts = 0;
        foreach (int processId in ServiceProcesses.FindOfThisProgram())
        {
            // No answer: an emulated guest, a command like this one, or a service that hangs.
            if (await RemovalEndpoint.Instance.AskAsync(processId, AnnounceAsync, ServiceLimit, cancellationToken) is { } answer)
            {
                services++;
                hosts += answer == RemovalEndpoint.Announced ? 1 : 0;
            }
        }

        return (services, hosts);
    }

    private static async Task<byte?> AnnounceAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] message = [RemovalEndpoint.Announce];
        await stream.WriteAsync(message, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return await stream.ReadAsync(message, cancellationToken) == 1 ? message[0] : null;
    }
}
