using VpcComApi.GuestServices.Links;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Tests;

/// <summary>A guest over a virtio-serial port whose host disconnects and connects again.</summary>
[CancelAfter(60_000)]
public sealed class DevicePortTests
{
    [Test]
    public async Task Channels_outlive_a_host_that_goes_and_comes_back(CancellationToken cancellationToken)
    {
        await using VirtualPort virtualPort = new();
        DevicePort port = new(virtualPort.Open, TimeProvider.System);
        VirtualPortHost? connection = null;
        Task<ResumableStream> visiting = ResumableStream.ConnectAsync(
            port.ConnectAsync, new ResumableStreamOptions { Side = BusSide.Guest }, cancellationToken);
        Task<ResumableStream> hosting = ResumableStream.ConnectAsync(
            async token => connection = (VirtualPortHost)await virtualPort.ConnectHostAsync(token),
            new ResumableStreamOptions { Side = BusSide.Host },
            cancellationToken);
        await using ResumableStream guest = await Wait.UntilAsync(visiting, "the guest's link");
        await using ResumableStream host = await Wait.UntilAsync(hosting, "the host's link");

        byte[] sent = new byte[200_000];
        byte[] received = new byte[sent.Length];
        for (int round = 0; round < 6; round++)
        {
            Random random = new(round);
            random.NextBytes(sent);
            (Stream from, Stream to) = round % 2 == 0 ? (host, guest) : (guest, (Stream)host);
            Task sending = from.WriteAsync(sent, cancellationToken).AsTask();
            int had = random.Next(sent.Length);
            await to.ReadExactlyAsync(received.AsMemory(0, had), cancellationToken);
            connection!.Cut();
            await to.ReadExactlyAsync(received.AsMemory(had), cancellationToken);
            await sending;
            Assert.That(received, Is.EqualTo(sent));
        }

        Assert.That(virtualPort.Opened, Is.EqualTo(1));
    }

    [Test]
    public void A_device_that_is_not_there_is_an_error_of_the_link() => Assert.That(
        async () => await DevicePort.Of("/dev/virtio-ports/vpc-no-such-port").ConnectAsync(
            CancellationToken.None), Throws.InstanceOf<IOException>());
}
