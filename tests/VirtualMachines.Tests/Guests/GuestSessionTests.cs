using System.Buffers.Binary;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VirtualMachines.Tests.Guests;

[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class GuestSessionTests
{
    [Test]
    public async Task The_session_is_ready_when_the_guest_has_introduced_itself_and_not_before()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await ScriptedGuest.ConnectAsync(fixture.Machine);
        Assert.That(fixture.Session.IsReady, Is.False);
        Assert.That(fixture.ReadyEvent.IsSet, Is.False);

        await guest.IntroduceAsync(ScriptedGuest.Facts);
        await fixture.WaitForReadyAsync();

        Assert.That(fixture.ReadyEvent.IsSet, Is.True);
        Assert.That(fixture.Session.Connection!.Facts.OSName, Is.EqualTo("Windows XP Professional"));
        await Wait.UntilAsync(() => fixture.Occurrences.Contains((MachineOccurrence.IntegrationComponentsAvailable, 0)), "the occurrence");
        Assert.That(fixture.ComponentsVersion, Is.EqualTo("1.2.3"));
        Assert.That((await guest.ReceiveAsync() as HeartbeatSettings)?.IntervalMilliseconds, Is.EqualTo(6_000));
    }

    [Test]
    public async Task A_guest_that_reboots_is_gone_and_then_ready_again()
    {
        await using SessionFixture fixture = new();
        await using (ScriptedGuest before = await fixture.ComeUpAsync())
        {
            await before.PullPlugAsync();
            await fixture.WaitForUnreadyAsync();
            await Wait.UntilAsync(() => !fixture.ReadyEvent.IsSet, "the ready event to be reset");
        }

        await using ScriptedGuest after = await fixture.ComeUpAsync();

        Assert.That(fixture.ReadyEvent.IsSet, Is.True);
        await fixture.OpenChannelAsync(after);
    }

    [Test]
    public async Task A_guest_that_was_dropped_is_not_looked_for_until_it_is_expected_again()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest before = await fixture.ComeUpAsync();

        await Wait.UntilAsync(fixture.Session.DropGuestAsync("the machine was reset"), "the guest to be dropped");
        Assert.That(fixture.Session.IsReady, Is.False);
        Assert.That(fixture.ReadyEvent.IsSet, Is.False);
        Task<ScriptedGuest> coming = ScriptedGuest.ComeUpAsync(fixture.Machine);

        fixture.Session.ExpectGuest();
        await using ScriptedGuest after = await coming;
        await fixture.WaitForReadyAsync();
        Assert.That(fixture.ReadyEvent.IsSet, Is.True);
    }

    [Test]
    public async Task The_end_of_the_session_wakes_those_who_wait_for_it_to_be_ready()
    {
        SessionFixture fixture = new();
        Task waiting = fixture.Session.WaitForReadyAsync(CancellationToken.None);

        await fixture.DisposeAsync();

        VirtualMachineException? refusal =
            await Assert.ThrowsAsync<VirtualMachineException>(() => Wait.UntilAsync(waiting, "the wait to end"));
        Assert.That(refusal!.Error, Is.EqualTo(VirtualMachineError.MachineNotRunning));
        Assert.That(fixture.Log.Entries, Has.None.Property("Id").EqualTo(ChannelEventIds.GuestUnreachable));
    }

    [Test]
    public async Task A_guest_of_another_revision_is_reported_once_in_the_event_log_and_to_each_caller_that_starts_a_channel()
    {
        await using SessionFixture fixture = new();
        for (int i = 0; i < 3; i++)
        {
            await using Stream link = await fixture.Machine.PlugInAsync();
            BusException? mismatch = await Assert.ThrowsAsync<BusException>(() => Wait.UntilAsync(
                BusConnection.EstablishAsync(
                    link, new BusOptions { Side = BusSide.Guest, ComponentVersion = "99", MinRevision = 99, MaxRevision = 99 }),
                "the refusal"));
            Assert.That(mismatch!.Error, Is.EqualTo(BusError.RevisionMismatch));
        }

        await fixture.WaitForEntryAsync(ChannelEventIds.RevisionMismatch);
        VirtualMachineException refusal = await fixture.RefusalOfAsync(SessionFixture.NewEndpoints());
        Assert.That(refusal.Error, Is.EqualTo(VirtualMachineError.RevisionMismatch));

        await using ScriptedGuest right = await fixture.ComeUpAsync();
        await fixture.OpenChannelAsync(right);
        Assert.That(fixture.Log.Entries.Count(entry => entry.Id == ChannelEventIds.RevisionMismatch), Is.EqualTo(1));
    }

    [Test]
    public async Task A_guest_that_sends_invalid_data_is_reported_once_and_the_next_one_is_accepted()
    {
        await using SessionFixture fixture = new();
        for (int i = 0; i < 3; i++)
        {
            await using Stream link = await fixture.Machine.PlugInAsync();
            await link.WriteAsync(Enumerable.Repeat((byte)0xFF, 4096).ToArray());
            byte[] rest = new byte[4096];
            await Wait.UntilAsync(
                async () =>
                {
                    try
                    {
                        return await link.ReadAsync(rest) == 0;
                    }
                    catch (IOException)
                    {
                        return true;
                    }
                },
                "the host to hang up");
        }

        await using ScriptedGuest right = await fixture.ComeUpAsync();
        Assert.That(
            fixture.Log.Entries.Count(
                entry => entry.Id is ChannelEventIds.GuestBrokeProtocol or ChannelEventIds.GuestUnreachable), Is.EqualTo(1));
    }

    [Test]
    public async Task A_guest_whose_first_message_is_not_its_facts_is_disconnected()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await ScriptedGuest.ConnectAsync(fixture.Machine);

        await guest.IntroduceAsync(new Heartbeat(1));

        await fixture.WaitForEntryAsync(ChannelEventIds.GuestBrokeProtocol);
        Assert.That(fixture.Session.IsReady, Is.False);
        await Wait.UntilAsync(Task.WhenAny(guest.Bus.Completion), "the host to hang up");
    }

    [Test]
    public async Task A_guest_that_breaks_the_protocol_later_is_cut_off_and_only_it_suffers()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        // A length that no message may have.
        byte[] length = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, uint.MaxValue);
        await guest.IntegrationPair.Output.WriteAsync(length);

        await fixture.WaitForUnreadyAsync();
        await fixture.WaitForEntryAsync(ChannelEventIds.GuestBrokeProtocol);
        await using ScriptedGuest next = await fixture.ComeUpAsync();
        await fixture.OpenChannelAsync(next);
    }

    [Test]
    public async Task Offers_of_a_guest_beyond_the_integration_service_are_refused()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        BusChannelRejectedException? refusal = await Assert.ThrowsAsync<BusChannelRejectedException>(
            () => Wait.UntilAsync(guest.Bus.OfferAsync("tcp:445"), "the refusal"));
        Assert.That(refusal!.Code, Is.EqualTo((int)RelayRejection.UnknownService));
        await Assert.ThrowsAsync<BusChannelRejectedException>(
            () => Wait.UntilAsync(guest.Bus.OfferAsync(IntegrationProtocol.ServiceName), "the refusal"));
        Assert.That(fixture.Session.IsReady, Is.True);
    }

    [Test]
    public async Task Texts_of_a_guest_are_bounded_and_without_control_characters()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync(
            ScriptedGuest.Facts with { OSName = new string('x', 10_000), ComputerName = "a\r\nb\0c" });

        Assert.That(fixture.Session.Connection!.Facts.OSName, Is.EqualTo(new string('x', 256)));
        Assert.That(fixture.Session.Connection!.Facts.ComputerName, Is.EqualTo("a  b c"));
    }

    [Test]
    public async Task Facts_that_change_are_taken_over()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        await guest.Integration.SendAsync(ScriptedGuest.Facts with { ScreenLocked = true });

        await Wait.UntilAsync(() => fixture.Session.Connection?.Facts.ScreenLocked == true, "the new facts");
    }

    [Test]
    public async Task What_happens_in_the_guest_is_passed_on()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        await guest.Integration.SendAsync(new GuestLoggedOff(GuestLoggedOff.External));
        await guest.Integration.SendAsync(new GuestLoggedOff(GuestLoggedOff.Forced));
        await guest.Integration.SendAsync(new GuestShutdownStarted(GuestShutdownStarted.Shutdown));

        await Wait.UntilAsync(() => fixture.Occurrences.Contains((MachineOccurrence.GuestShutdown, 0)), "the shutdown");
        Assert.That(fixture.Occurrences, Does.Contain((MachineOccurrence.GuestLogoff, 2)).And.Contain((MachineOccurrence.GuestLogoff, 1)));
        Assert.That(fixture.Session.IsHeartbeating, Is.False, "A guest that shuts down is not expected to beat.");
    }

    [Test]
    public async Task Removed_components_are_reported_once_until_they_are_installed_again()
    {
        await using SessionFixture fixture = new();
        await using (ScriptedGuest guest = await fixture.ComeUpAsync())
        {
            await Wait.UntilAsync(() => fixture.ComponentsVersion == "1.2.3", "the version");
            await guest.Integration.SendAsync(new ComponentsRemoved());
            await guest.Integration.SendAsync(new ComponentsRemoved());
            await guest.Integration.SendAsync(ScriptedGuest.Facts with { ComputerName = "DONE" });
            await Wait.UntilAsync(() => fixture.Session.Connection?.Facts.ComputerName == "DONE", "all notifications to be handled");
        }

        Assert.That(fixture.ComponentsVersion, Is.Null);
        Assert.That(
            fixture.Occurrences.Count(entry => entry.Occurrence == MachineOccurrence.IntegrationComponentsUninstalled), Is.EqualTo(1));
        Assert.That(fixture.Session.IsHeartbeating, Is.False);
        await fixture.WaitForUnreadyAsync();
        await using ScriptedGuest again = await fixture.ComeUpAsync();
        await Wait.UntilAsync(() => fixture.ComponentsVersion == "1.2.3", "the version again");
    }

    [Test]
    public async Task Notifications_of_a_guest_beyond_the_limit_are_dropped_and_reported_once()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        for (int i = 0; i < 1_000; i++)
        {
            await guest.Integration.SendAsync(new GuestLoggedOff());
        }

        // Messages are handled in order: when this one was handled, all earlier ones were.
        await guest.Integration.SendAsync(ScriptedGuest.Facts with { ComputerName = "DONE" });
        await Wait.UntilAsync(() => fixture.Session.Connection?.Facts.ComputerName == "DONE", "all notifications to be handled");
        Assert.That(fixture.Occurrences.Count(entry => entry.Occurrence == MachineOccurrence.GuestLogoff), Is.EqualTo(30));
        Assert.That(fixture.Log.Entries.Count(entry => entry.Id == ChannelEventIds.NotificationsDropped), Is.EqualTo(1));
    }

    [Test]
    public async Task Heartbeats_are_received()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();

        await guest.Integration.SendAsync(new Heartbeat(1));

        Assert.That(fixture.Session.IsHeartbeating, Is.True);
        Assert.That(fixture.Session.HeartbeatPercentage, Is.EqualTo(100));
    }

    [Test]
    public async Task The_pipe_to_the_desktop_has_a_name_of_its_own_a_run()
    {
        await using SessionFixture first = new();
        await using SessionFixture second = new();

        Assert.That(first.Session.RdpPipeName, Does.StartWith(@"\\.\pipe\"));
        Assert.That(first.Session.RdpPipeName, Is.Not.EqualTo(second.Session.RdpPipeName));
        Assert.That(SessionFixture.IsFree(PipeName.Parse(first.Session.RdpPipeName)), Is.True, "Reading it creates nothing.");
    }
}
