using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VpcBus.Tests.Relay;

/// <summary>The relay, with the bytes in frames and, on Linux, in shared memory.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class ChannelRelayTests(bool usesRings)
{
    [Test]
    public async Task Fifty_megabytes_each_way_arrive_whole()
    {
        const int Length = 50_000_000;
        await using RelayRig rig = await RelayRig.BuildAsync(usesRings: usesRings);

        Task<string> toServer = ReceiveToEndAsync(rig.Server.Program, Length);
        Task<string> toClient = ReceiveToEndAsync(rig.Client.Program, Length);
        Task<string> fromClient = SendAndEndAsync(rig.Client.Program, Length, seed: 1);
        Task<string> fromServer = SendAndEndAsync(rig.Server.Program, Length, seed: 2);
        await Task.WhenAll(toServer, toClient, fromClient, fromServer).WaitAsync(TimeSpan.FromSeconds(40));

        Assert.That(await toServer, Is.EqualTo(await fromClient));
        Assert.That(await toClient, Is.EqualTo(await fromServer));
        ChannelRelayResult host = await rig.HostRelay.WaitAsync(BusPair.StepLimit);
        ChannelRelayResult guest = await rig.GuestRelay.WaitAsync(BusPair.StepLimit);
        Assert.That(host, Is.EqualTo(new ChannelRelayResult(Length, Length, RelaySide.None, null) { IsLocalComplete = true }));
        Assert.That(guest, Is.EqualTo(new ChannelRelayResult(Length, Length, RelaySide.None, null) { IsLocalComplete = true }));
    }

    [Test]
    public async Task A_program_that_has_sent_all_can_still_read([Values] bool clientEnds)
    {
        await using RelayRig rig = await RelayRig.BuildAsync(usesRings: usesRings);
        (Socket ending, Socket other) = clientEnds
            ? (rig.Client.Program, rig.Server.Program) : (rig.Server.Program, rig.Client.Program);

        await ending.SendAsync("question"u8.ToArray());
        ending.Shutdown(SocketShutdown.Send);

        Assert.That(await ReadTextToEndAsync(other), Is.EqualTo("question"));
        await other.SendAsync("answer"u8.ToArray());
        other.Shutdown(SocketShutdown.Send);
        Assert.That(await ReadTextToEndAsync(ending), Is.EqualTo("answer"));
        Assert.That((await rig.HostRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.None));
        Assert.That((await rig.GuestRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.None));
    }

    [Test]
    public async Task Bytes_of_a_client_that_writes_and_leaves_arrive([Values] bool hostHasHalfClose)
    {
        byte[] words = Encoding.Unicode.GetBytes("Hello World!\0");
        await using RelayRig rig = await RelayRig.BuildAsync(hostHasHalfClose, usesRings);

        await rig.Client.Program.SendAsync(words);
        rig.Client.Program.Dispose();

        byte[] received = new byte[100];
        int length = 0;
        while (await rig.Server.Program.ReceiveAsync(received.AsMemory(length)) is > 0 and int more)
        {
            length += more;
        }

        Assert.That(received[..length], Is.EqualTo(words));
        rig.Server.Program.Dispose();
        await Task.WhenAll(rig.HostRelay, rig.GuestRelay).WaitAsync(BusPair.StepLimit);
        Assert.That((await rig.GuestRelay).IsLocalComplete, Is.True);
        Assert.That(rig.Bus.Host.Channels, Is.Empty);
    }

    [Test]
    public async Task A_pipe_like_client_that_leaves_ends_the_chain_though_the_server_stays()
    {
        await using RelayRig rig = await RelayRig.BuildAsync(hostHasHalfClose: false, usesRings);

        rig.Client.Program.Dispose();

        // The server only ever waits; the guest's relay must not wait for it for ever.
        Assert.That((await rig.HostRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.None));
        Assert.That((await rig.GuestRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.None));
    }

    [Test]
    public async Task A_server_that_answers_and_leaves_ends_a_pipe_like_client()
    {
        await using RelayRig rig = await RelayRig.BuildAsync(hostHasHalfClose: false, usesRings);

        await rig.Server.Program.SendAsync("bye"u8.ToArray());
        rig.Server.Program.Shutdown(SocketShutdown.Both);
        rig.Server.Program.Close();

        Assert.That(await ReadTextToEndAsync(rig.Client.Program), Is.EqualTo("bye"));
        await Task.WhenAll(rig.HostRelay, rig.GuestRelay).WaitAsync(BusPair.StepLimit);
    }

    [Test]
    public async Task A_server_that_breaks_off_is_reported_and_ends_the_chain()
    {
        await using RelayRig rig = await RelayRig.BuildAsync(usesRings: usesRings);
        Task sending = SendUntilRefusedAsync(rig.Client.Program);

        rig.Server.Program.LingerState = new LingerOption(true, 0);
        rig.Server.Program.Close();

        Assert.That((await rig.GuestRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.Local));
        Assert.That((await rig.HostRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.Bus));
        Assert.That(async () => await sending.WaitAsync(BusPair.StepLimit), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task A_client_that_does_not_read_holds_the_server_back()
    {
        await using RelayRig rig = await RelayRig.BuildAsync(usesRings: usesRings);
        const int Length = 64 * 1024 * 1024;
        Task<string> sending = SendAndEndAsync(rig.Server.Program, Length, seed: 4);
        int channel = rig.HostPair.InputChannelId;

        // The client's socket fills, then the window, then the sender's buffers.
        await BusAssert.UntilAsync(() => rig.Bus.Host.Channels.Any(statistics => statistics.ChannelId == channel && statistics.Stalls > 0));
        Assert.That(sending.IsCompleted, Is.False);

        Assert.That(await ReceiveToEndAsync(rig.Client.Program, Length), Is.EqualTo(await sending));
    }

    [Test]
    public async Task A_cancelled_relay_resets_the_pair()
    {
        await using RelayRig rig = await RelayRig.BuildAsync(usesRings: usesRings);

        await rig.CancelHostAsync();

        Assert.That((await rig.HostRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.Canceled));
        ChannelRelayResult guest = await rig.GuestRelay.WaitAsync(BusPair.StepLimit);
        Assert.That(guest.FailedSide, Is.EqualTo(RelaySide.Bus));
        Assert.That(guest.IsLocalComplete, Is.False);
        Assert.That(((BusException)guest.Exception!).Error, Is.EqualTo(BusError.ChannelReset));
    }

    [Test]
    public async Task A_bus_that_ends_ends_its_relays()
    {
        await using RelayRig rig = await RelayRig.BuildAsync(usesRings: usesRings);

        await rig.Bus.Guest.DisposeAsync();

        Assert.That((await rig.HostRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.Bus));
        Assert.That((await rig.GuestRelay.WaitAsync(BusPair.StepLimit)).FailedSide, Is.EqualTo(RelaySide.Bus));
    }

    /// <summary>
    /// Sends endlessly: any number of bytes in transit when the server aborts may still be accepted and dropped.
    /// </summary>
    private static async Task SendUntilRefusedAsync(Socket socket)
    {
        byte[] bytes = new byte[65536];
        while (true)
        {
            await socket.SendAsync(bytes);
        }
    }

    private static async Task<string> SendAndEndAsync(Socket socket, int length, int seed)
    {
        byte[] bytes = new byte[65536];
        new Random(seed).NextBytes(bytes);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int sent = 0; sent < length;)
        {
            int size = Math.Min(bytes.Length, length - sent);
            bytes[0]++;
            hash.AppendData(bytes, 0, size);
            for (int at = 0; at < size;)
            {
                at += await socket.SendAsync(bytes.AsMemory(at, size - at));
            }

            sent += size;
        }

        socket.Shutdown(SocketShutdown.Send);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task<string> ReceiveToEndAsync(Socket socket, int length)
    {
        byte[] bytes = new byte[65536];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int received = 0;
        while (await socket.ReceiveAsync(bytes.AsMemory()) is > 0 and int size)
        {
            hash.AppendData(bytes, 0, size);
            received += size;
        }

        Assert.That(received, Is.EqualTo(length));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task<string> ReadTextToEndAsync(Socket socket)
    {
        using CancellationTokenSource limit = new(BusPair.StepLimit);
        byte[] bytes = new byte[100];
        int length = 0;
        while (await socket.ReceiveAsync(bytes.AsMemory(length), limit.Token) is > 0 and int more)
        {
            length += more;
        }

        return Encoding.ASCII.GetString(bytes, 0, length);
    }
}
