using System.Net.Sockets;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>Which peers are accepted at a Unix socket.</summary>
[Platform("Linux", Reason = "Only Linux provides the credentials of the peer.")]
public sealed class UnixPeerCredentialsTests
{
    [Test]
    public async Task This_user_is_accepted()
    {
        UnixDomainSocketEndPoint address = new("\0peer-credentials-" + Guid.NewGuid().ToString("N"));
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(address);
        using Socket accepted = await listener.AcceptAsync();

        Assert.That(UnixPeerCredentials.IsOurUserOrRoot(accepted), Is.True);
        Assert.That(UnixPeerCredentials.IsOurUserOrRoot(client), Is.True);
        Assert.That(UnixPeerCredentials.Of(accepted)!.Value.ProcessId, Is.EqualTo(Environment.ProcessId));
    }

    [Test]
    public void Another_user_and_an_unknown_peer_are_not_accepted()
    {
        using Socket nobody = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Socket closed = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        closed.Dispose();

        Assert.That(UnixPeerCredentials.IsOurUserOrRoot(nobody), Is.False, "nobody is connected");
        Assert.That(UnixPeerCredentials.IsOurUserOrRoot(closed), Is.False, "it is closed");
        Assert.That(UnixPeerCredentials.IsOurUserOrRoot((UnixPeerCredentials?)null), Is.False, "the system does not provide it");
        Assert.That(UnixPeerCredentials.IsOurUserOrRoot(new UnixPeerCredentials(1, uint.MaxValue - 1)), Is.False, "another user");
        Assert.That(UnixPeerCredentials.IsOurUserOrRoot(new UnixPeerCredentials(1, 0)), Is.True, "root");
    }
}
