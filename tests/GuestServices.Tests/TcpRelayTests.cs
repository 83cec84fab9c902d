using System.Net;
using System.Net.Sockets;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.GuestServices.Tests;

/// <summary>Channels to TCP servers in the guest: real sockets on both ends.</summary>
[CancelAfter(60_000)]
public sealed class TcpRelayTests
{
    private static readonly byte[] Question = "what the host sends"u8.ToArray();
    private static readonly byte[] Answer = "what the guest's program sends"u8.ToArray();

    [Test]
    public async Task Bytes_go_both_ways_and_each_way_ends_by_itself()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using TcpListener server = Listen(out int port);
        BusChannelPair pair = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the channel");
        using Socket client = await Wait.UntilAsync(server.AcceptSocketAsync(), "the connection");

        await pair.Output.WriteAsync(Question);
        await pair.Output.CompleteAsync();
        Assert.That(await ReadToEndAsync(client), Is.EqualTo(Question), "the server reads to the host's end");

        await client.SendAsync(Answer);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReadToEndAsync(pair), Is.EqualTo(Answer), "and answers after it");
        await Wait.UntilAsync(pair.Completion, "both directions to end in order");
    }

    [Test]
    public async Task The_list_of_devices_is_announced_when_a_channel_comes_and_when_it_has_gone()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using TcpListener server = Listen(out int port);
        TaskCompletionSource came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource went = new(TaskCreationOptions.RunContinuationsAsynchronously);
        guest.Service.DevicesChanged += () =>
        {
            if (guest.Service.Devices.Count > 0)
            {
                came.TrySetResult();
            }
            else if (came.Task.IsCompleted)
            {
                went.TrySetResult();
            }
        };

        BusChannelPair pair = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the channel");
        using Socket client = await Wait.UntilAsync(server.AcceptSocketAsync(), "the connection");
        await Wait.UntilAsync(came.Task, "the new devices");

        client.Shutdown(SocketShutdown.Send);
        await pair.Output.CompleteAsync();
        Assert.That(await ReadToEndAsync(pair), Is.Empty);
        await Wait.UntilAsync(went.Task, "the devices to be gone");
    }

    [Test]
    public async Task The_server_may_end_its_way_first()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using TcpListener server = Listen(out int port);
        BusChannelPair pair = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the channel");
        using Socket client = await Wait.UntilAsync(server.AcceptSocketAsync(), "the connection");

        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReadToEndAsync(pair), Is.Empty);

        await pair.Output.WriteAsync(Question);
        await pair.Output.CompleteAsync();
        Assert.That(await ReadToEndAsync(client), Is.EqualTo(Question));
    }

    [Test]
    public async Task A_channel_is_there_only_when_the_server_is_connected()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        int port;
        using (Listen(out port))
        {
            // The port is free again after this, and nobody listens on it.
        }

        Assert.That(
            async () => await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the refusal"),
            Throws.InstanceOf<BusChannelRejectedException>()
                .With.Property(nameof(BusChannelRejectedException.Code)).EqualTo((int)RelayRejection.ConnectionRefused)
                .And.Property(nameof(BusChannelRejectedException.Reason)).Contains($"port {port}"));
    }

    [Test]
    public async Task A_server_that_takes_nobody_is_given_up_after_the_limit()
    {
        await using RunningGuestService guest = new(tcpConnectLimit: TimeSpan.FromMilliseconds(100));
        await using HostConnection host = await guest.Host.ConnectAsync();
        using Socket server = ListenWithoutRoom(out int port, out List<Socket> waiting);

        Assert.That(
            async () => await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the refusal"),
            Throws.InstanceOf<BusChannelRejectedException>()
                .With.Property(nameof(BusChannelRejectedException.Code)).EqualTo((int)RelayRejection.ConnectTimedOut));
        waiting.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task A_server_that_has_room_again_gets_its_connection()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using Socket server = ListenWithoutRoom(out int port, out List<Socket> waiting);
        Task<BusChannelPair> offer = host.Bus.OfferAsync(TcpRelayService.Name(port));

        // The system asks again after a second.
        List<Socket> taken = [];
        Task<Socket> next = server.AcceptAsync();
        while (await Wait.UntilAsync(Task.WhenAny(next, offer), "the channel, or the next connection before it") == next)
        {
            taken.Add(await next);
            next = server.AcceptAsync();
        }

        await using BusChannelPair pair = await offer;
        await pair.Output.CompleteAsync();
        taken.Concat(waiting).ToList().ForEach(socket => socket.Dispose());
    }

    [TestCase("tcp:0")]
    [TestCase("tcp:65536")]
    [TestCase("tcp: 80")]
    [TestCase("udp:80")]
    [TestCase("tcp:127.0.0.1:80")]
    public async Task An_offer_of_anything_else_is_refused(string service)
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();

        Assert.That(
            async () => await Wait.UntilAsync(host.Bus.OfferAsync(service), "the refusal"),
            Throws.InstanceOf<BusChannelRejectedException>()
                .With.Property(nameof(BusChannelRejectedException.Code)).EqualTo((int)RelayRejection.UnknownService));
    }

    [Test]
    public async Task A_link_that_breaks_resets_the_server_s_connection()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using TcpListener server = Listen(out int port);
        BusChannelPair pair = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the channel");
        using Socket client = await Wait.UntilAsync(server.AcceptSocketAsync(), "the connection");
        await pair.Output.WriteAsync(Question);
        byte[] received = new byte[Question.Length];
        await Wait.UntilAsync(client.ReceiveAsync(received), "the first bytes");

        host.Cut();

        // Incomplete data must not be taken for complete data.
        Assert.That(
            async () => await Wait.UntilAsync(client.ReceiveAsync(received), "the connection to end"),
            Throws.InstanceOf<SocketException>().With.Property(
                nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public async Task A_server_that_resets_ends_its_channel_and_no_other()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using TcpListener server = Listen(out int port);
        BusChannelPair doomed = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the first channel");
        Socket resetting = await Wait.UntilAsync(server.AcceptSocketAsync(), "the first connection");
        BusChannelPair healthy = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the second channel");
        using Socket living = await Wait.UntilAsync(server.AcceptSocketAsync(), "the second connection");

        resetting.LingerState = new LingerOption(enable: true, seconds: 0);
        resetting.Close();
        await Wait.UntilAsync(doomed.Completion.ContinueWith(_ => { }, TaskScheduler.Default), "the first channel to end");

        await healthy.Output.WriteAsync(Question);
        await healthy.Output.CompleteAsync();
        Assert.That(await ReadToEndAsync(living), Is.EqualTo(Question));
        Assert.That((await host.AskAsync(IntegrationOperations.ListDevices)).Error, Is.Null);
    }

    [Test]
    public async Task Each_bus_channel_of_a_communication_channel_is_an_integration_device()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        Assert.That(await DevicesAsync(host), Is.Empty);
        using TcpListener server = Listen(out int port);
        BusChannelPair pair = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the channel");
        using Socket client = await Wait.UntilAsync(server.AcceptSocketAsync(), "the connection");
        await pair.Output.WriteAsync(Question);
        await Wait.UntilAsync(client.ReceiveAsync(new byte[Question.Length]), "the bytes");

        IReadOnlyList<IntegrationDevice> devices = await DevicesAsync(host);

        Assert.That(
            devices.Select(device => (device.Id, device.Service, device.Direction)),
            Is.EquivalentTo(new[]
            {
                (pair.OutputChannelId, TcpRelayService.Name(port), "receiving"),
                (pair.InputChannelId, TcpRelayService.Name(port), "sending"),
            }));
        Assert.That(devices.Single(device => device.Direction == "receiving").Bytes, Is.EqualTo(Question.Length));
        Assert.That(guest.Service.Devices, Has.Count.EqualTo(2));

        client.Close();
        await pair.DisposeAsync();
        await Wait.UntilAsync(async () => (await DevicesAsync(host)).Count == 0, "the devices to go");
    }

    [Test]
    public async Task Two_hundred_open_channels_can_be_listed()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using TcpListener server = Listen(out int port);
        List<Socket> clients = [];
        for (int i = 0; i < 200; i++)
        {
            await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "a channel");
            clients.Add(await Wait.UntilAsync(server.AcceptSocketAsync(), "a connection"));
        }

        Assert.That(await DevicesAsync(host), Has.Count.EqualTo(384), "as many of the 400 as one message holds");
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task A_service_that_is_stopped_ends_its_channels()
    {
        await using RunningGuestService guest = new();
        await using HostConnection host = await guest.Host.ConnectAsync();
        using TcpListener server = Listen(out int port);
        BusChannelPair pair = await Wait.UntilAsync(host.Bus.OfferAsync(TcpRelayService.Name(port)), "the channel");
        using Socket client = await Wait.UntilAsync(server.AcceptSocketAsync(), "the connection");

        await guest.StopAsync();

        Assert.That(async () => await Wait.UntilAsync(pair.Completion, "the channel to end"), Throws.InstanceOf<BusException>());
        Assert.That(
            async () => await Wait.UntilAsync(client.ReceiveAsync(new byte[1]), "the connection to end"),
            Throws.InstanceOf<SocketException>());
    }

    private static async Task<IReadOnlyList<IntegrationDevice>> DevicesAsync(HostConnection host) =>
        IntegrationCodec.DecodeDevices((await host.AskAsync(IntegrationOperations.ListDevices)).Value!);

    /// <summary>A server whose queue is so full that the system accepts no more connections.</summary>
    private static Socket ListenWithoutRoom(out int port, out List<Socket> waiting)
    {
        Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen(0);
        port = ((IPEndPoint)server.LocalEndPoint!).Port;
        waiting = [];
        do
        {
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            waiting.Add(client);
            Assert.That(() => client.Connect(server.LocalEndPoint!), Throws.InstanceOf<SocketException>());
        }
        while (waiting[^1].Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectWrite));
        return server;
    }

    private static TcpListener Listen(out int port)
    {
        TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        port = ((IPEndPoint)server.LocalEndpoint).Port;
        return server;
    }

    /// <summary>Not by a NetworkStream: it takes no socket whose sending side is shut down.</summary>
    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[4096];
        for (int count = -1; count != 0; all.Write(buffer, 0, count))
        {
            count = await Wait.UntilAsync(socket.ReceiveAsync(buffer), "bytes or their end");
        }

        return all.ToArray();
    }

    private static async Task<byte[]> ReadToEndAsync(BusChannelPair pair)
    {
        await using Stream stream = pair.Input.AsStream(leaveOpen: true);
        return await ReadToEndAsync(stream);
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using MemoryStream all = new();
        await Wait.UntilAsync(stream.CopyToAsync(all), "the end of the bytes");
        return all.ToArray();
    }
}
