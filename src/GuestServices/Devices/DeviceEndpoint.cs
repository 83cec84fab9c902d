using VpcComApi.GuestServices.Local;

namespace VpcComApi.GuestServices.Devices;

/// <summary>Where the guest service of one process tells <c>vmsrvc devices</c> its devices.</summary>
internal static class DeviceEndpoint
{
    /// <summary>The longest list that is read.</summary>
    private const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The endpoint.</summary>
    public static LocalEndpoint Instance { get; } = new("devices", takesWords: false);

    /// <summary>Reads what the endpoint says.</summary>
    /// <param name="stream">The endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
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
