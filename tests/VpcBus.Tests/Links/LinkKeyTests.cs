using System.Net;
using System.Net.Sockets;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>Both ends of a link prove that they hold its key, over a real socket.</summary>
[CancelAfter(30_000)]
public sealed class LinkKeyTests
{
    [Test]
    public async Task Two_ends_with_the_same_key_believe_each_other(CancellationToken cancellationToken)
    {
        LinkKey key = LinkKey.Create();
        Assert.That(LinkKey.TryParse(key.ToSecretText(), out LinkKey? copy), Is.True);
        (NetworkStream host, NetworkStream guest) = await ConnectAsync(cancellationToken);
        await using NetworkStream hostEnd = host, guestEnd = guest;

        bool[] believed = await Task.WhenAll(
            key.ProveAsync(host, BusSide.Host, cancellationToken), copy!.ProveAsync(guest, BusSide.Guest, cancellationToken));

        Assert.That(believed, Is.All.True);
    }

    [Test]
    public async Task Two_ends_with_different_keys_do_not(CancellationToken cancellationToken)
    {
        (NetworkStream host, NetworkStream guest) = await ConnectAsync(cancellationToken);
        await using NetworkStream hostEnd = host, guestEnd = guest;

        bool[] believed = await Task.WhenAll(
            LinkKey.Create().ProveAsync(host, BusSide.Host, cancellationToken), LinkKey.Create().ProveAsync(
                guest, BusSide.Guest, cancellationToken));

        Assert.That(believed, Is.All.False);
    }

    [Test]
    public async Task A_process_that_echoes_everything_does_not_prove_the_key(CancellationToken cancellationToken)
    {
        (NetworkStream host, NetworkStream mirror) = await ConnectAsync(cancellationToken);
        await using NetworkStream hostEnd = host;
        Task reflecting = mirror.CopyToAsync(mirror, cancellationToken);

        bool believed = await LinkKey.Create().ProveAsync(host, BusSide.Host, cancellationToken);

        Assert.That(believed, Is.False);
        await hostEnd.DisposeAsync();
        await reflecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await mirror.DisposeAsync();
    }

    [Test]
    public async Task A_link_that_ends_during_the_proof_is_an_error_of_the_link(CancellationToken cancellationToken)
    {
        (NetworkStream host, NetworkStream guest) = await ConnectAsync(cancellationToken);
        await using NetworkStream hostEnd = host;
        await guest.DisposeAsync();

        Assert.That(
            async () => await LinkKey.Create().ProveAsync(host, BusSide.Host, cancellationToken), Throws.InstanceOf<IOException>());
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("00")]
    [TestCase("zz00000000000000000000000000000000000000000000000000000000000000")]
    public void A_text_that_is_no_key_is_refused(string? text) => Assert.That(LinkKey.TryParse(text, out _), Is.False);

    private static async Task<(NetworkStream Host, NetworkStream Guest)> ConnectAsync(CancellationToken cancellationToken)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Socket guest = new(SocketType.Stream, ProtocolType.Tcp);
        await guest.ConnectAsync(listener.LocalEndpoint, cancellationToken);
 return (
            new NetworkStream(await listener.AcceptSocketAsync(cancellationToken), ownsSocket: true),
            new NetworkStream(guest, ownsSocket: true));
    }
}
