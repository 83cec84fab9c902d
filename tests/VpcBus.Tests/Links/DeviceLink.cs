using System.Net.Sockets;
using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Links;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>
/// A host's and a guest's ring device whose guest maps the host's memory through the file that a machine's program would open, and whose
/// doorbell is a Unix socket; and resumable links with both.
/// </summary>
internal sealed class DeviceLink : IDisposable
{
    private readonly Socket guestDoorbell;

    private DeviceLink(HostRingDevice host, GuestRingDevice guest, Socket guestDoorbell)
    {
        Host = host;
        Guest = guest;
        this.guestDoorbell = guestDoorbell;
    }

    /// <summary>The smallest device that a host makes: one slot.</summary>
    public const int SmallestLength = 1024 * 1024;

    public HostRingDevice Host { get; }

    public GuestRingDevice Guest { get; }

    /// <summary>Makes the two devices.</summary>
    /// <param name="length">Bytes of their memory.</param>
    /// <param name="memoryFiles">The files that the guest finds instead of the memory; null for the memory itself.</param>
    public static async Task<DeviceLink> CreateAsync(int length = HostRingDevice.DefaultLength, string[]? memoryFiles = null)
    {
        HostRingDevice host = HostRingDevice.TryCreate(length)!;
        LinkPair doorbell = await SocketLinks.CreateUnixAsync();
        host.Connect(((NetworkStream)doorbell.Host).Socket);
        Socket guestDoorbell = ((NetworkStream)doorbell.Guest).Socket;
        guestDoorbell.Blocking = false;
        doorbell.CleanUp?.Invoke();
        GuestRingDevice guest = new(
            () => memoryFiles ?? [host.MemoryPath], new SafeDescriptor(Libc.fcntl(guestDoorbell.SafeHandle, Libc.F_DUPFD_CLOEXEC, 0)));
        return new DeviceLink(host, guest, guestDoorbell);
    }

    /// <summary>A link with the devices.</summary>
    public async Task<LinkPair> ConnectAsync(bool hostHasDevice = true, bool guestHasDevice = true)
    {
        LinkPair whole = await SocketLinks.CreateUnixAsync();
        return await ResumableLinks.CreateAsync(
            whole,
            new ResumableStreamOptions { Side = BusSide.Host, Rings = hostHasDevice ? Host : null },
            new ResumableStreamOptions { Side = BusSide.Guest, Rings = guestHasDevice ? Guest : null });
    }

    /// <summary>Closes the machine's end of the doorbell.</summary>
    public void CutDoorbell()
    {
        Guest.Dispose();
        guestDoorbell.Shutdown(SocketShutdown.Both);
        guestDoorbell.Dispose();
    }

    public void Dispose()
    {
        Host.Dispose();
        Guest.Dispose();
        guestDoorbell.Dispose();
    }
}
