using System.Net.Sockets;
using VpcComApi.ChannelBench.Qemu;

namespace VpcComApi.ChannelBench.Chains;

/// <summary>
/// A virtio-serial port with socat at both ends: Unix socket, socat, QEMU's socket, port, socat in the guest, TCP, server.
/// </summary>
internal sealed class RawSerialChain : Chain
{
    private readonly string front;
    private readonly RawGuest guest;

    private RawSerialChain(string front, RawGuest guest)
        : base(RawSerial)
    {
        this.front = front;
        this.guest = guest;
    }

    /// <summary>
    /// Starts a QEMU and the host's socat. A client must connect before the guest is up: for its socat a port without a host has ended.
    /// </summary>
    /// <param name="folder">For the sockets.</param>
    /// <param name="words">The product's command line.</param>
    /// <param name="guests">The guests.</param>
    public static async Task<RawSerialChain> StartAsync(string folder, IReadOnlyList<string> words, BenchGuests guests)
    {
        string port = Path.Combine(folder, "raw-port");
        RawSerialChain chain = new(
            Path.Combine(folder, "raw"), RawGuest.Start(QemuArguments.WithOther(words, port, guests.Raw)));
        try
        {
            // A second connection would get no bytes, so this first one is closed before socat connects.
            (await RawGuest.ConnectAsync(port)).Dispose();
            chain.Own(await SocatChain.StartRelayAsync(chain.front, port));
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await guest.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override Socket ConnectSocket(int index) => ConnectUnix(front);
}
