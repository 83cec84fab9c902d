namespace VpcComApi.GuestServices.Links;

/// <summary>A device that carries bytes: a virtio-serial port by its name, or a serial port or any other device by its path.</summary>
/// <param name="Device">A path, <c>COM1</c>, or the name of a virtio-serial port.</param>
internal sealed record DeviceAddress(string Device) : BusAddress
{
    private const string VirtioPortFolder = "/dev/virtio-ports";
    private const string WindowsDevicePrefix = @"\\.\";

    /// <summary>The path that is opened: a bare name is a virtio-serial port, which both Linux and Windows present under its name.</summary>
    public string DevicePath => Path.IsPathFullyQualified(Device) ? Device
        : OperatingSystem.IsWindows() ? WindowsDevicePrefix + Device
        : Path.Combine(VirtioPortFolder, Device);

    /// <inheritdoc/>
    public override Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream>(new FileStream(DevicePath, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            }));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The device {DevicePath} may not be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"device:{Device}";
}
