using System.Text.Json;
using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Service;

namespace VpcComApi.GuestServices.Devices;

/// <summary>Lists the guest service's devices for other processes of this computer, as long as the service runs.</summary>
internal static class DeviceServer
{
    private static readonly TimeSpan ReaderLimit = TimeSpan.FromSeconds(2);

    /// <summary>Runs until it is cancelled. A service that cannot serve its list works otherwise.</summary>
    /// <param name="service">The service whose devices are listed.</param>
    /// <param name="logger">Receives log messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
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
