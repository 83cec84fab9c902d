using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VpcBus.Tests.Relay;

[TestFixture]
internal sealed class TcpRelayServiceTests
{
    [TestCase(1, "tcp:1")]
    [TestCase(6174, "tcp:6174")]
    [TestCase(65535, "tcp:65535")]
    public void A_port_has_one_name(int port, string name)
    {
        Assert.That(TcpRelayService.Name(port), Is.EqualTo(name));
        Assert.That(TcpRelayService.TryParse(name, out int parsed), Is.True);
        Assert.That(parsed, Is.EqualTo(port));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("tcp:")]
    [TestCase("tcp:0")]
    [TestCase("tcp:01")]
    [TestCase("tcp:65536")]
    [TestCase("tcp:99999999999999999999")]
    [TestCase("tcp:-1")]
    [TestCase("tcp:+1")]
    [TestCase("tcp: 1")]
    [TestCase("tcp:1 ")]
    [TestCase("tcp:1\0")]
    [TestCase("TCP:1")]
    [TestCase("udp:1")]
    [TestCase("tcp:٣")]
    public void Another_text_is_no_port(string? name)
    {
        Assert.That(TcpRelayService.TryParse(name, out int port), Is.False);
        Assert.That(port, Is.Zero);
    }

    [TestCase(0)]
    [TestCase(65536)]
    public void A_port_out_of_range_has_no_name(int port) =>
        Assert.That(() => TcpRelayService.Name(port), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
