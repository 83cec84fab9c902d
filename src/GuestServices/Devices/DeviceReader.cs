using System.Text.Json;
using VpcComApi.GuestServices.Local;

namespace VpcComApi.GuestServices.Devices;

/// <summary>Reads the devices of all guest services that run on this computer.</summary>
internal static class DeviceReader
{
    private static readonly TimeSpan ServiceLimit = TimeSpan.FromSeconds(2);

    /// <summary>Reads the devices of all services.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The devices by process and channel, or null when no service runs.</returns>
    public static async Task<IReadOnlyList<ListedDevice>?> ReadAllAsync(CancellationToken cancellationToken)
    {
        List<ListedDevice>? all = null;
        foreach (int processId in ServiceProcesses.Find())
        {
            if (await ReadAsync(processId, cancellationToken) is { } devices)
            {
                (all ??= []).AddRange(devices.Where(device => device.ProcessId == processId));
            }
        }

        return all;
    }

    private static async Task<IReadOnlyList<ListedDevice>?> ReadAsync(int processId, CancellationToken cancellationToken)
    {
        // A service that is paused or has just ended, or a process that is not a service of ours, has no devices to show.
        byte[]? content = await DeviceEndpoint.Instance.AskAsync(processId, DeviceEndpoint.ReadAsync, ServiceLimit, cancellationToken);
        try
        {
            return content is null ? null : JsonSerializer.Deserialize(content, GuestJson.Default.IReadOnlyListListedDevice);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
