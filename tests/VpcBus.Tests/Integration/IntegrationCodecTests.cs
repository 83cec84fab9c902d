using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VpcBus.Tests.Integration;

/// <summary>What one side encodes, the other decodes.</summary>
public sealed class IntegrationCodecTests
{
    private static IEnumerable<IntegrationMessage> EveryMessage =>
    [
        new Heartbeat(7),
        new HeartbeatSettings(500),
        new GuestShutdownStarted(GuestShutdownStarted.Restart),
        new GuestLoggedOff(GuestLoggedOff.External),
        new ComponentsRemoved(),
        new Response(3, IntegrationErrors.Failed, "value", "message"),
    ];

    [TestCaseSource(nameof(EveryMessage))]
    public void A_message_survives_the_wire(IntegrationMessage message) =>
        Assert.That(IntegrationCodec.Decode(IntegrationCodec.Encode(message)), Is.EqualTo(message));

    [Test]
    public void A_request_survives_the_wire_with_its_arguments()
    {
        Request read = (Request)IntegrationCodec.Decode(IntegrationCodec.Encode(Request.SetParameter(9, "name", "value")))!;

        Assert.That((read.Id, read.Operation), Is.EqualTo((9, IntegrationOperations.SetParameter)));
        Assert.That(read.Argument(IntegrationOperations.NameArgument), Is.EqualTo("name"));
        Assert.That(read.Argument(IntegrationOperations.ValueArgument), Is.EqualTo("value"));
    }

    [Test]
    public void Facts_survive_the_wire_with_what_the_guest_can_do()
    {
        GuestFacts read = (GuestFacts)IntegrationCodec.Decode(IntegrationCodec.Encode(
            new GuestFacts { OSName = "An OS", TerminalServerPort = null, Capabilities = [IntegrationCapabilities.Logoff] }))!;

        Assert.That((read.OSName, read.TerminalServerPort), Is.EqualTo(("An OS", (int?)null)));
        Assert.That(read.Can(IntegrationCapabilities.Logoff), Is.True);
    }

    [Test]
    public void A_message_of_a_newer_side_is_skipped() =>
        Assert.That(IntegrationCodec.Decode("""{"type":"somethingNew","kind":"heartbeat"}"""u8.ToArray()), Is.Null);

    [Test]
    public void Facts_that_are_left_out_are_empty()
    {
        GuestFacts facts = (GuestFacts)IntegrationCodec.Decode("""{"type":"guestFacts","computerName":"XP"}"""u8.ToArray())!;

        Assert.That(facts, Is.EqualTo(new GuestFacts { ComputerName = "XP", Capabilities = facts.Capabilities }));
        Assert.That(facts.Capabilities, Is.Empty);
        Assert.That(facts.OSName, Is.Empty);
    }
}
