using System.Text;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Messages;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Integration;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class IntegrationChannelTests
{
    private static IEnumerable<IntegrationMessage> EveryType()
    {
        yield return new GuestFacts
        {
            ComputerName = "VXP", OSName = "Windows XP Mode", OSMajorVersion = "5", SuiteMask = "0x00000010", ProductType = "0x0000001",
            TerminalServerPort = 3389, Capabilities = [IntegrationCapabilities.Shutdown],
        };
        yield return new Heartbeat(42);
        yield return new GuestShutdownStarted(GuestShutdownStarted.Restart);
        yield return new GuestLoggedOff(GuestLoggedOff.External);
        yield return new Response(7, IntegrationErrors.AccessDenied, null, "no");
        yield return new Response(8, Value: "text");
        yield return new HeartbeatSettings(2000);
        yield return Request.Shutdown(1, forced: true, restart: false);
        yield return Request.GetParameter(2, "HostName");
        yield return Request.SetParameter(3, "HostName", "ÄÖÜ €");
    }

    [TestCaseSource(nameof(EveryType))]
    public void A_message_reads_back_as_it_was_written(IntegrationMessage message)
    {
        byte[] bytes = IntegrationCodec.Encode(message);
        IntegrationMessage? decoded = IntegrationCodec.Decode(bytes);

        Assert.That(decoded, Is.TypeOf(message.GetType()));
        Assert.That(IntegrationCodec.Encode(decoded!), Is.EqualTo(bytes));
    }

    [Test]
    public void A_heartbeat_looks_as_the_protocol_page_says() =>
 Assert.That(
            Encoding.UTF8.GetString(IntegrationCodec.Encode(new Heartbeat(1))),
            Is.EqualTo("""{"type":"heartbeat","sequence":1}"""));

    [Test]
    public void A_request_looks_as_the_protocol_page_says() => Assert.That(
        Encoding.UTF8.GetString(IntegrationCodec.Encode(Request.Shutdown(5, forced: false, restart: true))),
        Is.EqualTo("""{"type":"request","id":5,"operation":"shutdown","arguments":{"forced":"false","restart":"true"}}"""));

    [Test]
    public void Unknown_types_are_no_message_and_unknown_members_are_ignored()
    {
        Assert.That(IntegrationCodec.Decode("""{"type":"fromTheFuture","a":[1]}"""u8.ToArray()), Is.Null);
        Assert.That(
            IntegrationCodec.Decode("""{"new":{"x":1},"type":"heartbeat","sequence":9,"more":null}"""u8.ToArray()),
            Is.EqualTo(new Heartbeat(9)));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"type":1}""")]
    [TestCase("""{"type":"heartbeat","sequence":"x"}""")]
    [TestCase("""{"type":"request","id":1}""")]
    [TestCase("""{"type":"guestFacts","computerName":null}""")]
    [TestCase("""{"type":"guestFacts","capabilities":null}""")]
    [TestCase("""{"type":"guestFacts","capabilities":[null]}""")]
    public void A_message_that_cannot_be_read_is_corrupt(string json) => Assert.That(
        () => IntegrationCodec.Decode(Encoding.UTF8.GetBytes(json)),
        Throws.InstanceOf<BusException>().With.Property(nameof(BusException.Error)).EqualTo(BusError.Corrupt));

    [Test]
    public void A_list_of_devices_reads_back_as_it_was_written()
    {
        IntegrationDevice[] devices = [new(4, "tcp:6174", "receiving", 26), new(5, "tcp:6174", "sending", 0)];

        Assert.That(IntegrationCodec.DecodeDevices(IntegrationCodec.EncodeDevices(devices)), Is.EqualTo(devices));
        Assert.That(() => IntegrationCodec.DecodeDevices("[null]"), Throws.InstanceOf<BusException>());
    }

    [Test]
    public async Task Messages_go_both_ways_and_unknown_ones_are_skipped()
    {
        await using BusPair bus = await BusPair.ConnectAsync(DuplexPipeStream.CreateLink());
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenFromGuestAsync(IntegrationProtocol.ServiceName);
        IntegrationChannel hostMessages = new(host);
        await new MessageStream(guest).SendAsync("""{"type":"fromTheFuture"}"""u8.ToArray());
        IntegrationChannel guestMessages = new(guest);

        await guestMessages.SendAsync(new Heartbeat(1));
        await hostMessages.SendAsync(new HeartbeatSettings(1000));

        Assert.That(await hostMessages.ReceiveAsync(), Is.EqualTo(new Heartbeat(1)));
        Assert.That(await guestMessages.ReceiveAsync(), Is.EqualTo(new HeartbeatSettings(1000)));
        await guestMessages.CompleteAsync();
        Assert.That(await hostMessages.ReceiveAsync(), Is.Null);
    }
}
