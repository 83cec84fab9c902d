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
    public static Task RunAsync(GuestService service, ILogger logger, CancellationToken cancellationToken) =>
        DeviceEndpoint.Instance.ServeAsync(
        (stream, limit) => WriteAsync(stream, service, limit),
        ReaderLimit,
        reason => GuestServiceLog.NoDeviceEndpoint(logger, reason),
        cancellationToken);

    private static Task WriteAsync(Stream stream, GuestService service, CancellationToken cancellationToken)
    {
        IReadOnlyList<ListedDevice> devices = [.. service.Devices.Select(ListedDevice.From)];
        return JsonSerializer.SerializeAsync(stream, devices, GuestJson.Default.IReadOnlyListListedDevice, cancellationToken);
    }
}
