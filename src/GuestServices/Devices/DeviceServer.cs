using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Service;

namespace VpcComApi.GuestServices.Devices;

/// <summary>Tells other processes of this computer the guest service's devices, for as long as the service runs.</summary>
internal static class DeviceServer
{
    private static readonly TimeSpan ReaderLimit = TimeSpan.FromSeconds(2);

    /// <summary>Serves until it is told to stop. A service that cannot serve its list works all the same.</summary>
    /// <param name="service">Whose devices.</param>
    /// <param name="logger">Where messages go.</param>
    /// <param name="cancellationToken">Tells it to stop.</param>
    public static async Task RunAsync(GuestService service, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await DeviceEndpoint.Instance.ListenAsync(stream => ServeAsync(stream, service, cancellationToken), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // We stop.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            GuestServiceLog.NoDeviceEndpoint(logger, e.Message);
        }
    }

    private static async Task ServeAsync(Stream stream, GuestService service, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReaderLimit);
        try
        {
            IReadOnlyList<ListedDevice> devices = [.. service.Devices.Select(ListedDevice.From)];
            await JsonSerializer.SerializeAsync(stream, devices, GuestJson.Default.IReadOnlyListListedDevice, limit.Token);
            await stream.FlushAsync(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The reader went away, or reads too slowly to wait for.
        }
    }
}
