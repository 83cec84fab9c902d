using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.GuestServices.Links;

namespace VpcComApi.GuestServices.Tests;

/// <summary>The texts that say where a bus is.</summary>
public sealed class BusAddressTests
{
    [TestCase("pipe:vpc-bus-1", "pipe:vpc-bus-1")]
    [TestCase("PIPE:name", "pipe:name")]
    [TestCase("device:org.example.bus", "device:org.example.bus")]
    [TestCase("tcp:127.0.0.1:4711", "tcp:127.0.0.1:4711")]
    [TestCase("tcp:[::1]:4711", "tcp:::1:4711")]
    public void An_address_is_read(string text, string canonical)
    {
        Assert.That(BusAddress.TryParse(text, out BusAddress? address), Is.True);
        Assert.That(address!.ToString(), Is.EqualTo(canonical));
    }

    [Test]
    public void A_unix_socket_is_a_full_path()
    {
        string path = Path.Combine(Path.GetTempPath(), "bus");

        Assert.That(BusAddress.TryParse("unix:" + path, out BusAddress? address), Is.True);
        Assert.That(address, Is.EqualTo(new UnixSocketAddress(path)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("unix:")]
    [TestCase("unix:relative/path")]
    [TestCase("pipe:a\\b")]
    [TestCase("pipe:a/b")]
    [TestCase("tcp:host")]
    [TestCase("tcp:host:0")]
    [TestCase("tcp:host:65536")]
    [TestCase("tcp::80")]
    [TestCase("serial:1")]
    [TestCase("device:a\nb")]
    public void A_text_that_is_no_address_is_refused(string? text) => Assert.That(BusAddress.TryParse(text, out _), Is.False);

    [Test]
    [Platform(Exclude = "Win")]
    public void A_device_without_a_path_is_a_virtio_port_by_its_name()
    {
        Assert.That(new DeviceAddress("org.example.bus").DevicePath, Is.EqualTo("/dev/virtio-ports/org.example.bus"));
        Assert.That(new DeviceAddress("/dev/ttyS1").DevicePath, Is.EqualTo("/dev/ttyS1"));
    }

    [TestCase("pipe:vpc-nobody-serves-this")]
    [TestCase("device:vpc-no-such-device")]
    [TestCase("tcp:127.0.0.1:1")]
    public void Nothing_at_an_address_is_an_error_of_the_link(string text)
    {
        Assert.That(BusAddress.TryParse(text, out BusAddress? address), Is.True);
        Assert.That(async () => await address!.ConnectAsync(NullLogger.Instance, CancellationToken.None), Throws.InstanceOf<IOException>());
    }
}
