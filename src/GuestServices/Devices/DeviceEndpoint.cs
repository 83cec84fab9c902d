using VpcComApi.GuestServices.Local;

namespace VpcComApi.GuestServices.Devices;

/// <summary>The endpoint at which the guest service of one process lists its devices for <c>vmsrvc devices</c>.</summary>
internal static class DeviceEndpoint
{
    /// <summary>The longest list that is read.</summary>
    private const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The endpoint.</summary>
    public static LocalEndpoint Instance { get; } = new("devices", isWritable: false);

    /// <summary>Reads the list of devices from the endpoint.</summary>
    /// <param name="stream">The endpoint.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[16 * 1024];
        for (int count = await stream.ReadAsync(buffer, cancellationToken);
            count > 0 && content.Length < MaxLength;
            count = await stream.ReadAsync(buffer, cancellationToken))
        {
            await content.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return content.ToArray();
    }
}
