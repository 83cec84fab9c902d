using System.IO.Pipes;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Tests.Guests;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Relay;
using static VpcComApi.VirtualMachines.Tests.Guests.SessionFixture;

namespace VpcComApi.VirtualMachines.Tests.Channels;

/// <summary>Communication channels between real pipe clients and a guest simulated by the test, over a real bus.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class CommunicationChannelTests
{
    [Test]
    public async Task Start_asks_the_guest_for_the_port_and_returns_when_it_is_connected()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        ChannelEndpoints endpoints = NewEndpoints();

        Task starting = fixture.Session.StartChannelAsync(endpoints, CancellationToken.None);
        BusChannelOffer offer = await guest.ReceiveOfferAsync();
        Assert.That(offer.Service, Is.EqualTo("tcp:6174"));
        Assert.That(starting.IsCompleted, Is.False);

        await offer.AcceptAsync();
        await Wait.UntilAsync(starting, "the channel to open");
        CommunicationChannelStatus status = fixture.Session.Channels.Single();
        Assert.That(status.PipeName, Is.EqualTo(endpoints.Pipe.Name));
        Assert.That(status.GuestPort, Is.EqualTo(Port));
        Assert.That(status.ClientConnected, Is.False);
    }

    [Test]
    public async Task Bytes_go_both_ways_and_are_counted()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);

        await client.WriteAsync("to the guest"u8.ToArray());
        Assert.That(await ReadTextAsync(pair.Input.AsStream(), 12), Is.EqualTo("to the guest"));
        await pair.Output.WriteAsync("to the host"u8.ToArray());
        Assert.That(await ReadTextAsync(client, 11), Is.EqualTo("to the host"));

        CommunicationChannelStatus status = fixture.Session.Channels.Single();
        Assert.That(status.ClientConnected, Is.True);
        Assert.That(status.ToGuest.Bytes, Is.EqualTo(12));
        Assert.That(status.ToHost.Bytes, Is.EqualTo(11));
        Assert.That(status.State, Is.EqualTo(CommunicationChannelState.Open));
        Assert.That(status.Events, Does.Contain("offered; ").And.Contain("first byte sent").And.Contain("first byte received"));
    }

    [Test]
    public async Task What_the_guest_said_before_the_client_came_waits_for_it()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);

        await pair.Output.WriteAsync("a greeting"u8.ToArray());
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);

        Assert.That(await ReadTextAsync(client, 10), Is.EqualTo("a greeting"));
    }

    [Test]
    public async Task A_client_that_writes_and_closes_at_once_is_read_to_its_last_byte_and_frees_the_name()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);

        await using (NamedPipeClientStream client = await OpenPipeAsync(endpoints))
        {
            await client.WriteAsync("Hello World! (26 bytes...)"u8.ToArray());
        }

        Assert.That(await ReadToEndAsync(pair.Input.AsStream()), Is.EqualTo("Hello World! (26 bytes...)"));
        await WaitForFreeAsync(endpoints.Pipe);
        await pair.DisposeAsync();
        Assert.That((await fixture.WaitForEntryAsync(ChannelEventIds.ChannelEnded)).Text, Does.Contain("26 bytes to the guest"));
        await Wait.UntilAsync(() => fixture.Session.Channels.Count == 0, "the channel to end");
    }

    [Test]
    public async Task A_client_that_closes_frees_the_name_while_a_slow_guest_program_still_reads_and_misses_nothing()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        byte[] sent = new byte[300_000];
        new Random(1).NextBytes(sent);

        await using (NamedPipeClientStream client = await OpenPipeAsync(endpoints))
        {
            await Wait.UntilAsync(client.WriteAsync(sent).AsTask(), "the pipe to take the bytes");
        }

        await WaitForFreeAsync(endpoints.Pipe);
        using MemoryStream received = new();
        await Wait.UntilAsync(pair.Input.CopyToAsync(received), "all bytes");
        Assert.That(received.ToArray(), Is.EqualTo(sent));
    }

    [Test]
    [Platform("Linux", Reason = "A Windows pipe has no half-close.")]
    public async Task The_guest_programs_end_of_file_reaches_the_client_which_can_go_on_writing()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);

        await pair.Output.WriteAsync("the last words"u8.ToArray());
        await pair.Output.CompleteAsync();
        Assert.That(await ReadToEndAsync(client), Is.EqualTo("the last words"));

        await client.WriteAsync("an answer"u8.ToArray());
        Assert.That(await ReadTextAsync(pair.Input.AsStream(), 9), Is.EqualTo("an answer"));
    }

    [Test]
    public async Task When_the_guest_program_has_left_the_client_reads_what_it_said_and_then_the_end()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);

        await pair.Output.WriteAsync("the last words"u8.ToArray());
        await pair.Output.CompleteAsync();
        await pair.Input.CompleteAsync();

        Assert.That(await ReadToEndAsync(client), Is.EqualTo("the last words"));
        await client.DisposeAsync();
        await WaitForFreeAsync(endpoints.Pipe);
    }

    [Test]
    public async Task What_a_guest_program_said_before_it_left_waits_for_a_client_that_comes_later()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);

        await pair.Output.WriteAsync("the last words"u8.ToArray());
        await pair.Output.CompleteAsync();
        await pair.Input.CompleteAsync();
        await Wait.UntilAsync(pair.Completion, "both directions to end");
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);

        Assert.That(await ReadToEndAsync(client), Is.EqualTo("the last words"));
        await client.DisposeAsync();
        await WaitForFreeAsync(endpoints.Pipe);
    }

    [TestCase(RelayRejection.ConnectionRefused, VirtualMachineError.ConnectionRefused)]
    [TestCase(RelayRejection.ConnectTimedOut, VirtualMachineError.TimedOut)]
    [TestCase(RelayRejection.Busy, VirtualMachineError.TooManyChannels)]
    [TestCase(RelayRejection.ShuttingDown, VirtualMachineError.ChannelNotReady)]
    [TestCase(RelayRejection.UnknownService, VirtualMachineError.IntegrationFeatureNotAvailable)]
    [TestCase(RelayRejection.Other, VirtualMachineError.Unexpected)]
    [TestCase((RelayRejection)77, VirtualMachineError.Unexpected)]
    public async Task A_refusal_of_the_guest_has_its_own_error_and_leaves_nothing_behind(RelayRejection code, VirtualMachineError error)
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        ChannelEndpoints endpoints = NewEndpoints();

        Task<VirtualMachineException> refusing = fixture.RefusalOfAsync(endpoints);
        await (await guest.ReceiveOfferAsync()).RejectAsync((int)code, "the guest's own words");
        VirtualMachineException refusal = await refusing;

        Assert.That(refusal.Error, Is.EqualTo(error));
        Assert.That(refusal.Message, Does.Contain("6174").And.Contain("XP"));
        Assert.That(IsFree(endpoints.Pipe), Is.True);
        Assert.That(fixture.Session.Connection!.Bus.Channels, Has.All.Property("Service").EqualTo("integration"));
        LogEntry entry = fixture.Log.Entries.Single(entry => entry.Id == ChannelEventIds.ChannelRefused);
        Assert.That(entry.Text, Does.Contain("'XP'").And.Contain(endpoints.Pipe.FullName).And.Contain("6174").And.Contain("Guest"));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_refused_channel_leaves_no_socket()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        ChannelEndpoints endpoints = NewEndpoints();

        Task<VirtualMachineException> refusing = fixture.RefusalOfAsync(endpoints);
        BusChannelOffer offer = await guest.ReceiveOfferAsync();
        Assert.That(File.Exists(UnixPipePath.Of(endpoints.Pipe.Name)), Is.True, "The pipe is there before the guest is asked.");
        await offer.RejectAsync((int)RelayRejection.ConnectionRefused, "nobody");
        await refusing;

        Assert.That(File.Exists(UnixPipePath.Of(endpoints.Pipe.Name)), Is.False);
    }

    [Test]
    public async Task Before_the_guest_service_is_up_a_channel_is_not_ready()
    {
        await using SessionFixture fixture = new();
        ChannelEndpoints endpoints = NewEndpoints();

        VirtualMachineException refusal = await fixture.RefusalOfAsync(endpoints);

        Assert.That(refusal.Error, Is.EqualTo(VirtualMachineError.ChannelNotReady));
        Assert.That(IsFree(endpoints.Pipe), Is.True);
    }

    [Test]
    public async Task A_name_in_use_is_refused_and_the_guest_is_not_asked()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair _) = await fixture.OpenChannelAsync(guest);

        VirtualMachineException refusal = await fixture.RefusalOfAsync(endpoints with { GuestPort = 80 });

        Assert.That(refusal.Error, Is.EqualTo(VirtualMachineError.AlreadyExists));
        Assert.That(fixture.Session.Channels.Single().GuestPort, Is.EqualTo(Port));
        Assert.That(guest.Bus.Channels.Select(channel => channel.Service).Distinct(), Is.EquivalentTo(["integration", "tcp:6174"]));
    }

    [Test]
    public async Task The_limit_of_channels_is_enforced_and_a_closing_channel_is_distinguished()
    {
        await using SessionFixture fixture = new(maximumChannels: 2);
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints first, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await fixture.OpenChannelAsync(guest);

        VirtualMachineException full = await fixture.RefusalOfAsync(NewEndpoints());
        Assert.That(full.Error, Is.EqualTo(VirtualMachineError.TooManyChannels));

        // Its client has disconnected, but more bytes are in transit than fit into the guest: the channel is ending.
        await using (NamedPipeClientStream client = await OpenPipeAsync(first))
        {
            await Wait.UntilAsync(client.WriteAsync(new byte[BusOptions.DefaultWindow + 1]).AsTask(), "the pipe to take the bytes");
        }

        await Wait.UntilAsync(() => fixture.Session.Channels.Count == 1, "the first channel to be closing");
        ChannelEndpoints waiting = NewEndpoints();
        VirtualMachineException closing = await fixture.RefusalOfAsync(waiting);
        Assert.That(closing.Error, Is.EqualTo(VirtualMachineError.ChannelsClosing));
        Assert.That(IsFree(waiting.Pipe), Is.True);

        await Wait.UntilAsync(pair.Input.CopyToAsync(Stream.Null), "all bytes");
        await pair.DisposeAsync();
        await Wait.UntilAsync(
            async () =>
            {
                Task starting = fixture.Session.StartChannelAsync(waiting, CancellationToken.None);
                if (starting.IsFaulted)
                {
                    return false;
                }

                await guest.AcceptAsync();
                await starting;
                return true;
            },
            "the slot of the closed channel");
    }

    [Test]
    public async Task Cancelling_a_start_leaves_nothing_behind()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        ChannelEndpoints endpoints = NewEndpoints();
        using CancellationTokenSource giveUp = new();

        Task starting = fixture.Session.StartChannelAsync(endpoints, giveUp.Token);
        await guest.ReceiveOfferAsync();
        await giveUp.CancelAsync();

        await Wait.UntilAsync(Task.WhenAny(starting), "the start to be cancelled");
        Assert.That(starting.IsCanceled, Is.True);
        Assert.That(IsFree(endpoints.Pipe), Is.True);
        Assert.That(fixture.Session.Channels, Is.Empty);
    }

    [Test]
    public async Task A_link_lost_in_mid_transfer_ends_the_channel_for_its_client_and_in_the_event_log()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);
        await client.WriteAsync("half of a mess"u8.ToArray());
        await ReadTextAsync(pair.Input.AsStream(), 14);

        await guest.PullPlugAsync();

        Assert.That(await ReadToEndAsync(client), Is.Empty);
        LogEntry entry = await fixture.WaitForEntryAsync(ChannelEventIds.ChannelFailed);
        Assert.That(entry.Text, Does.Contain("'XP'").And.Contain(endpoints.Pipe.FullName).And.Contain("6174").And.Contain("Link"));
        Assert.That(entry.Text, Does.Contain("first byte sent").And.Contain("the bus ended"));
        await client.DisposeAsync();
        await WaitForFreeAsync(endpoints.Pipe);
        await Wait.UntilAsync(() => fixture.Session.Channels.Count == 0, "the channel to end");
    }

    [Test]
    public async Task A_channel_is_stalled_when_bytes_wait_and_nothing_has_moved_for_a_second_and_as_long_as_that_lasts()
    {
        FakeTimeProvider clock = new();
        await using SessionFixture fixture = new(timeProvider: clock);
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);
        await Wait.UntilAsync(() => fixture.Session.Channels.Single().ClientConnected, "the client to be seen");
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(fixture.Session.Channels.Single().State, Is.EqualTo(CommunicationChannelState.Open), "nothing waits");

        Task flooding = pair.Output.WriteAsync(new byte[4 * 1024 * 1024]).AsTask();
        await Wait.UntilAsync(() => guest.Bus.Channels.Any(channel => channel.Stalls > 0), "the channel to be full");
        Assert.That(fixture.Session.Channels.Single().State, Is.EqualTo(CommunicationChannelState.Open), "it has just moved");
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return fixture.Session.Channels.Single().State == CommunicationChannelState.Stalled;
            },
            "the second to pass");
        for (int look = 0; look < 100; look++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(137));
            Assert.That(fixture.Session.Channels.Single().State, Is.EqualTo(CommunicationChannelState.Stalled));
        }

        await client.ReadExactlyAsync(new byte[4 * 1024 * 1024]);
        await Wait.UntilAsync(flooding, "the rest");
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return fixture.Session.Channels.Single().State == CommunicationChannelState.Open;
            },
            "the reader to have caught up");
    }

    [Test]
    public async Task A_client_that_does_not_read_cannot_keep_a_channel_whose_link_is_lost()
    {
        FakeTimeProvider clock = new();
        await using SessionFixture fixture = new(timeProvider: clock);
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);
        Task flooding = pair.Output.WriteAsync(new byte[4 * 1024 * 1024]).AsTask();
        await Wait.UntilAsync(() => guest.Bus.Channels.Any(channel => channel.Stalls > 0), "the channel to stall");
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return fixture.Session.Channels.Single() is { State: CommunicationChannelState.Stalled, ToHost.Stalls: > 0 };
            },
            "the host to see it");

        await guest.PullPlugAsync();

        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return IsFree(endpoints.Pipe);
            },
            "the client to be cut off");
        await Wait.UntilAsync(Task.WhenAny(flooding), "the flood to end");
    }

    [Test]
    public async Task A_guest_program_that_dies_before_the_client_comes_frees_the_name()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);

        pair.Abort(new BusException(BusError.ChannelReset, "The program was killed."));

        LogEntry entry = await fixture.WaitForEntryAsync(ChannelEventIds.ChannelFailed);
        Assert.That(entry.Text, Does.Contain("Guest").And.Contain("The program was killed."));
        Assert.That(
            entry.Text,
            Does.Match(@"Recent events \(UTC\): \d\d:\d\d:\d\d\.\d{3} offered; .*reset by the other side: The program was killed\."));
        await WaitForFreeAsync(endpoints.Pipe);
    }

    [Test]
    public async Task Dropping_the_guest_ends_channels_even_those_whose_client_does_not_read()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);
        Task flooding = pair.Output.WriteAsync(new byte[4 * 1024 * 1024]).AsTask();

        await Wait.UntilAsync(fixture.Session.DropGuestAsync("the machine was saved"), "the guest to be dropped");

        Assert.That(fixture.Session.Channels, Is.Empty);
        Assert.That(IsFree(endpoints.Pipe), Is.True);
        Assert.That((await fixture.WaitForEntryAsync(ChannelEventIds.ChannelEnded)).Text, Does.Contain("the machine was saved"));
        await Wait.UntilAsync(Task.WhenAny(flooding), "the flood to end");
    }

    [Test]
    public async Task A_guest_that_does_not_read_stalls_the_client_and_loses_nothing()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        (ChannelEndpoints endpoints, BusChannelPair pair) = await fixture.OpenChannelAsync(guest);
        await using NamedPipeClientStream client = await OpenPipeAsync(endpoints);
        byte[] sent = new byte[8 * 1024 * 1024];
        new Random(2).NextBytes(sent);

        Task writing = client.WriteAsync(sent).AsTask();
        await Wait.UntilAsync(() => guest.Bus.Channels.Any(channel => channel.Stalls > 0), "the channel to stall");
        Assert.That(writing.IsCompleted, Is.False);

        byte[] received = new byte[sent.Length];
        await Wait.UntilAsync(pair.Input.AsStream().ReadExactlyAsync(received).AsTask(), "all bytes");
        await Wait.UntilAsync(writing, "the write to end");
        Assert.That(received, Is.EqualTo(sent));
    }
}
