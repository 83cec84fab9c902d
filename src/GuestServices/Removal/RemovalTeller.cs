using VpcComApi.GuestServices.Local;

namespace VpcComApi.GuestServices.Removal;

/// <summary>Tells the guest services that run from this very program file that they are being removed.</summary>
internal static class RemovalTeller
{
    /// <summary>A removal waits for no more than this for one service.</summary>
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromSeconds(5);

    /// <summary>Tells them.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many services were told, and how many hosts they have told in turn.</returns>
    public static async Task<(int Services, int Hosts)> TellAllAsync(CancellationToken cancellationToken)
    {
        int services = 0;
        int hosts = 0;
        foreach (int processId in ServiceProcesses.FindOfThisProgram())
        {
            // No answer: an emulated guest, a command like this one, or a service that hangs.
            if (await RemovalEndpoint.Instance.AskAsync(processId, TellAsync, ServiceLimit, cancellationToken) is { } answer)
            {
                services++;
                hosts += answer == RemovalEndpoint.Told ? 1 : 0;
            }
        }

        return (services, hosts);
    }

    private static async Task<byte?> TellAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] word = [RemovalEndpoint.Tell];
        await stream.WriteAsync(word, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return await stream.ReadAsync(word, cancellationToken) == 1 ? word[0] : null;
    }
}
