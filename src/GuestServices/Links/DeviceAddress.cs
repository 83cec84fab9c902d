using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.GuestServices.Links;

/// <summary>A device that transfers bytes: a virtio-serial port by its name, or a serial port or any other device by its path.</summary>
/// <param name="Device">A path, <c>COM1</c>, or the name of a virtio-serial port.</param>
internal sealed record DeviceAddress(string Device) : BusAddress
{
    private const string VirtioPortFolder = "/dev/virtio-ports";
    private const string WindowsDevicePrefix = @"\\.\";

    /// <summary>
    /// The path that is opened: a name without a folder is that of a virtio-serial port, which both Linux and Windows make available under
    /// its name.
    /// </summary>
    public string DevicePath => Path.IsPathFullyQualified(Device) ? Device
        : OperatingSystem.IsWindows() ? WindowsDevicePrefix + Device
        : Path.Combine(VirtioPortFolder, Device);

    /// <summary>The ring device that the machine shares with its host in addition to the bus's port, if there is one.</summary>
    private static readonly Lazy<RingDevice?> Rings = new(() => OperatingSystem.IsLinux() ? MachineRings.Open() : null);

    /// <summary>
    /// Begins a session with the host. A device may lose bytes, or deliver bytes of an earlier connection, so the bus runs over a <see
    /// cref="ResumableStream"/> on it; the host's end must do the same.
    /// </summary>
    /// <inheritdoc/>
    public override async Task<Stream> ConnectAsync(ILogger logger, CancellationToken cancellationToken) =>
        await ResumableStream.ConnectAsync(
        DevicePort.Of(DevicePath).ConnectAsync,
        new ResumableStreamOptions { Side = BusSide.Guest, Logger = logger, Rings = Device == MachineRings.BusPort ? Rings.Value : null },
        cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => $"device:{Device}";
}
