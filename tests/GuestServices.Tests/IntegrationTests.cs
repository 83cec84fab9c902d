using System.Net.Sockets;
using VpcComApi.GuestServices.Machines;
using VpcComApi.GuestServices.Service;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Tests;

/// <summary>What the guest service sends to its host, and how it executes requests.</summary>
[CancelAfter(60_000)]
public sealed class IntegrationTests
{
    [Test]
    public async Task Facts_come_first_and_in_the_contract_s_forms()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        GuestFacts facts = await host.ReceiveAsync<GuestFacts>();

        Assert.That(facts.ComputerName, Is.EqualTo(Environment.MachineName));
        Assert.That(facts.OSName, Is.Not.Empty);
        Assert.That(
            facts.OSMajorVersion,
            Is.EqualTo(Environment.OSVersion.Version.Major.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That(
            new[] { facts.OSMinorVersion, facts.OSBuildNumber, facts.ServicePackMajor, facts.ServicePackMinor }, Has.All.Match("^[0-9]+$"));
        Assert.That(facts.OSPlatformId, Is.EqualTo("2"));
        Assert.That(facts.SuiteMask, Does.Match("^0x[0-9a-f]{8}$"));
        Assert.That(facts.ProductType, Does.Match("^0x000000[123]$"));
        Assert.That(facts.ComponentsVersion, Is.EqualTo(GuestService.ComponentsVersion));
        Assert.That(facts.Capabilities, Is.EqualTo(guest.Machine.Capabilities));
    }

    [Test]
    public async Task Facts_are_sent_again_when_they_change()
    {
        await using RunningGuestService guest = new(factsInterval: TimeSpan.FromMilliseconds(100));
        await using HostConnection host = await guest.Host.ConnectAsync();
        await host.SendAsync(new HeartbeatSettings(HeartbeatSettings.MinIntervalMilliseconds));
        Assert.That((await host.ReceiveAsync<GuestFacts>()).ScreenLocked, Is.False);

        guest.Facts.IsScreenLocked = true;

        Assert.That((await host.ReceiveAsync<GuestFacts>()).ScreenLocked, Is.True);
    }

    [Test]
    public async Task The_heart_beats_as_often_as_the_host_asks()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        // Three hours would be too late, so the wait below shows that the second setting took hold of a beat already awaited.
        await host.SendAsync(new HeartbeatSettings(HeartbeatSettings.MaxIntervalMilliseconds));
        await host.ReceiveAsync<Heartbeat>(beat => beat.Sequence == 1);
        await host.SendAsync(new HeartbeatSettings(HeartbeatSettings.MinIntervalMilliseconds));

        await host.ReceiveAsync<Heartbeat>(beat => beat.Sequence == 2);
        await host.ReceiveAsync<Heartbeat>(beat => beat.Sequence == 3);
        Assert.That((await host.ReceiveAsync<Heartbeat>()).Sequence, Is.EqualTo(4));
    }

    [Test]
    public async Task A_parameter_that_was_set_can_be_read_in_any_case()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        Assert.That((await host.AskAsync(id => Request.SetParameter(id, "Colour", "bl\u00fcn"))).Error, Is.Null);

        Assert.That((await host.AskAsync(id => Request.GetParameter(id, "COLOUR"))).Value, Is.EqualTo("bl\u00fcn"));
    }

    [Test]
    public async Task A_parameter_that_nobody_set_has_no_value_and_is_no_error()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        Response answer = await host.AskAsync(id => Request.GetParameter(id, "Unknown"));

        Assert.That((answer.Error, answer.Value), Is.EqualTo(((string?)null, (string?)null)));
    }

    private static IEnumerable<Request> InvalidRequests =>
    [
        Request.GetParameter(0, string.Empty),
        Request.GetParameter(0, new string('n', IntegrationProtocol.MaxParameterNameLength + 1)),
        Request.GetParameter(0, "a\\b"),
        Request.SetParameter(0, "a\\b", "value"),
        Request.SetParameter(0, "name", new string('v', ParameterLimits.MaxValueLength + 1)),
        new(0, IntegrationOperations.SetParameter),
        new(0, IntegrationOperations.IsUserLoggedOn),
        new(0, IntegrationOperations.IsUserLoggedOn, new Dictionary<string, string> { [IntegrationOperations.SessionArgument] = "2" }),
    ];

    [Test]
    public async Task A_request_that_breaks_a_rule_is_refused_and_the_next_is_answered()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        foreach (Request request in InvalidRequests)
        {
            Response refused = await host.AskAsync(id => request with { Id = id });
            Assert.That(refused.Error, Is.EqualTo(IntegrationErrors.InvalidArgument), request.ToString());
            Assert.That(refused.Message, Is.Not.Empty);
        }

        Assert.That((await host.AskAsync(id => Request.GetParameter(id, "n"))).Error, Is.Null);
    }

    [Test]
    public async Task The_longest_value_comes_back_however_its_characters_are_escaped()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        string longest = new('\u0001', ParameterLimits.MaxValueLength);

        Assert.That((await host.AskAsync(id => Request.SetParameter(id, "long", longest))).Error, Is.Null);

        Assert.That((await host.AskAsync(id => Request.GetParameter(id, "long"))).Value, Is.EqualTo(longest));
    }

    [Test]
    public async Task An_operation_of_a_newer_host_is_not_supported()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        Assert.That((await host.AskAsync("foldProteins")).Error, Is.EqualTo(IntegrationErrors.NotSupported));
    }

    [TestCase(true, false, GuestShutdownStarted.Shutdown)]
    [TestCase(false, true, GuestShutdownStarted.Restart)]
    public async Task A_shutdown_is_answered_announced_and_then_done(bool forced, bool restart, string announced)
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        Assert.That((await host.AskAsync(id => Request.Shutdown(id, forced, restart))).Error, Is.Null);
        Assert.That((await host.ReceiveAsync<GuestShutdownStarted>()).Kind, Is.EqualTo(announced));

        Assert.That(await Wait.UntilAsync(guest.Machine.ShutdownAsked, "the shutdown"), Is.EqualTo((forced, restart)));
    }

    [Test]
    public async Task A_locked_guest_refuses_a_shutdown_that_is_not_forced()
    {
        await using RunningGuestService guest = new();
        guest.Machine.IsLocked = true;
        await using HostConnection host = await guest.Host.ConnectAsync();

        Response refused = await host.AskAsync(id => Request.Shutdown(id, forced: false, restart: false));

        Assert.That(refused.Error, Is.EqualTo(IntegrationErrors.MachineLocked));
        Assert.That(guest.Machine.ShutdownAsked.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_logoff_without_users_is_refused()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        Assert.That((await host.AskAsync(IntegrationOperations.Logoff)).Error, Is.EqualTo(IntegrationErrors.NoLogonSession));
        Assert.That(
            (await host.AskAsync(IntegrationOperations.IsUserLoggedOn, (IntegrationOperations.SessionArgument, "1"))).Value,
            Is.EqualTo("false"));
    }

    [Test]
    public async Task A_lost_link_is_connected_again()
    {
        await using RunningGuestService guest = new();
        for (int round = 0; round < 3; round++)
        {
            HostConnection host = await guest.Host.ConnectAsync();
            await host.ReceiveAsync<GuestFacts>();
            host.Cut();
            await host.DisposeAsync();
        }

        await using HostConnection last = await guest.Host.ConnectAsync();
        Assert.That((await last.ReceiveAsync<GuestFacts>()).OSName, Is.Not.Empty);
    }

    [Test]
    public async Task A_host_that_never_greets_is_given_up()
    {
        await using RunningGuestService guest = new(connectLimit: TimeSpan.FromMilliseconds(200));
        using Socket silent = await guest.Host.AcceptAsync();

        await using HostConnection host = await guest.Host.ConnectAsync();

        Assert.That((await host.ReceiveAsync<GuestFacts>()).OSName, Is.Not.Empty);
    }

    [Test]
    public async Task A_host_without_the_key_is_not_served()
    {
        LinkKey key = LinkKey.Create();
        await using RunningGuestService guest = new(key);
        using Socket stranger = await guest.Host.AcceptAsync();
        await using NetworkStream link = new(stranger);
        Assert.That(
            await Wait.UntilAsync(LinkKey.Create().ProveAsync(link, VpcBus.BusSide.Host, CancellationToken.None), "the proof"), Is.False);
        Assert.That(await Wait.UntilAsync(link.ReadAsync(new byte[1]).AsTask(), "the link to end"), Is.Zero);

        await using HostConnection host = await guest.Host.ConnectAsync(key);

        Assert.That((await host.ReceiveAsync<GuestFacts>()).OSName, Is.Not.Empty);
    }
}
