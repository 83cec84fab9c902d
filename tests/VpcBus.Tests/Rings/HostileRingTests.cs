using VpcComApi.Platform.Linux;
using VpcComApi.VpcBus.Relay;
using VpcComApi.VpcBus.Tests.Links;
using VpcComApi.VpcBus.Tests.Relay;
using static VpcComApi.VpcBus.Tests.Protocol.RawPeer;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>
/// Whatever a guest writes to shared memory, the host ends that bus with an error that names channel and field, or continues.
/// </summary>
[TestFixture]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class HostileRingTests
{
    [TestCase(65537, 0, "tail is 65537")]
    [TestCase(-1, 0, "tail is -1")]
    [TestCase(long.MaxValue, 0, "tail is 9223372036854775807")]
    [TestCase(long.MinValue, 0, "tail is -9223372036854775808")]
    [TestCase(10, 5, "base is 5")]
    [TestCase(10, -4096, "base is -4096")]
    public async Task A_wrong_index_of_written_bytes_ends_the_bus(long tail, long start, string named)
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync(Small());
        (BusChannelPair host, int slot) = await guest.OpenAsync();
        Task reading = host.Input.ReadAsync().AsTask();

        guest.Base(slot, BusSide.Guest) = start;
        guest.Tail(slot, BusSide.Guest) = tail;
        guest.Signal(slot);

        await EndsNamingAsync(guest, RawRingGuest.GuestChannel, named);
        await BusAssert.FailsAsync(reading, BusError.Corrupt);
    }

    [Test]
    public async Task A_tail_that_goes_back_ends_the_bus()
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync(Small());
        (BusChannelPair host, int slot) = await guest.OpenAsync();
        guest.Tail(slot, BusSide.Guest) = 100;
        guest.Signal(slot);
        Assert.That(await host.ReceiveAsync(100), Has.Length.EqualTo(100));
        Task reading = host.Input.ReadAsync().AsTask();

        guest.Tail(slot, BusSide.Guest) = 50;
        guest.Signal(slot);

        await EndsNamingAsync(guest, RawRingGuest.GuestChannel, "tail is 50");
        await BusAssert.FailsAsync(reading, BusError.Corrupt);
    }

    [TestCase(101)]
    [TestCase(-1)]
    public async Task A_wrong_index_of_read_bytes_ends_the_bus(long head)
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        (BusChannelPair host, int slot) = await guest.OpenAsync();
        await host.SendAsync(new byte[100]);

        guest.Head(slot, BusSide.Host) = head;
        await host.SendAsync(new byte[1]);

        await EndsNamingAsync(guest, RawRingGuest.HostChannel, $"head is {head}");
    }

    [TestCase(0)]
    [TestCase(9)]
    [TestCase(11)]
    [TestCase(long.MaxValue)]
    public async Task An_end_mark_that_is_not_after_the_last_byte_ends_the_bus(long total)
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        (_, int slot) = await guest.OpenAsync();
        guest.Tail(slot, BusSide.Guest) = 10;

        await guest.SendAsync(Frame(End, RawRingGuest.GuestChannel, BitConverter.GetBytes(total)));

        await EndsNamingAsync(guest, RawRingGuest.GuestChannel, $"total is {total}");
    }

    [Test]
    public async Task An_end_without_its_total_ends_the_bus()
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        await guest.OpenAsync();

        await guest.SendAsync(Frame(End, RawRingGuest.GuestChannel));

        await EndsNamingAsync(guest, RawRingGuest.GuestChannel, "total is missing");
    }

    [Test]
    public async Task Bytes_in_a_frame_beside_the_ring_end_the_bus()
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        await guest.OpenAsync();

        await guest.SendAsync(Frame(Data, RawRingGuest.GuestChannel, 1));

        await EndsNamingAsync(guest, RawRingGuest.GuestChannel, "has a ring");
    }

    [TestCase(2u)]
    [TestCase(uint.MaxValue)]
    public async Task A_ring_that_was_not_offered_ends_the_bus(uint ring)
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        Task<BusChannelPair> offering = guest.Bus.OfferAsync("raw");
        (uint pair, _) = await guest.ReceiveAsync(Offer);

        await guest.SendAsync(Frame(Accept, pair, [.. Le(65536u), .. Le(ring)]));

        BusException failure = await BusAssert.FailsAsync(guest.Bus.Completion, BusError.Corrupt);
        Assert.That(failure.Message, Does.Contain($"pair {pair}").And.Contain($"ring is {ring}"));
        await BusAssert.FailsAsync(offering, BusError.Corrupt);
    }

    [Test]
    public async Task A_guest_that_takes_an_offer_without_its_ring_is_served_in_frames()
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        Task<BusChannelPair> offering = guest.Bus.OfferAsync("raw");
        (uint pair, _) = await guest.ReceiveAsync(Offer);
        await guest.SendAsync(Frame(Accept, pair, Le(65536u)), Frame(Data, RawRingGuest.GuestChannel, 1, 2, 3));

        BusChannelPair host = await offering.WaitAsync(BusPair.StepLimit);

        Assert.That(await host.ReceiveAsync(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(host.Slot, Is.Negative);
    }

    [Test]
    public async Task The_memory_cannot_be_cut_or_grown()
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync();
        (BusChannelPair host, int slot) = await guest.OpenAsync();

        Assert.That(Libc.ftruncate(guest.File, 0), Is.EqualTo(-1));
        Assert.That(Libc.ftruncate(guest.File, guest.MemoryLength * 2), Is.EqualTo(-1));

        await host.SendAsync([1, 2, 3]);
        Assert.That(guest.Data(slot, BusSide.Host)[..3].ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Random_values_in_the_shared_memory_affect_no_other_bus([Range(1, 20)] int seed)
    {
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync(Small());
        (BusChannelPair host, int slot) = await guest.OpenAsync();
        using SocketPair client = await SocketPair.ConnectAsync();
        using CancellationTokenSource cancel = new();
        Task relaying = ChannelRelay.RunAsync(client.RelayStream, host, client.Options, cancel.Token);
        Task<int> writing = client.Program.SendAsync(new byte[1000]);
        Task<int> reading = client.Program.ReceiveAsync(new byte[1_000_000]);
        Task scribbling = Task.Run(() => Scribble(guest, slot, new Random(seed)));

        // The host may detect an error, or all values may have been valid.
        await scribbling;
        await BusAssert.UntilAsync(() => { guest.Signal(slot); return true; });
        if (guest.Bus.Completion.IsFaulted)
        {
            await BusAssert.FailsAsync(guest.Bus.Completion, BusError.Corrupt);
        }

        await cancel.CancelAsync();
        await relaying.WaitAsync(BusPair.StepLimit);
        client.Dispose();
        await writing;
        await reading.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);

        // The process's other buses continue.
        await using BusPair other = await BusPair.ConnectAsync(await SocketLinks.CreateUnixAsync());
        (BusChannelPair otherHost, BusChannelPair otherGuest) = await other.OpenAsync();
        await otherHost.SendAsync([1, 2, 3]);
        Assert.That(await otherGuest.ReceiveAsync(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Bytes_that_change_while_they_are_read_are_still_so_many()
    {
        const int Length = 16 * 1024 * 1024;
        await using RawRingGuest guest = await RawRingGuest.ConnectAsync(Small());
        (BusChannelPair host, int slot) = await guest.OpenAsync();
        using CancellationTokenSource stop = new();
        Task changing = Task.Run(() =>
        {
            for (byte value = 0; !stop.IsCancellationRequested; value++)
            {
                guest.Data(slot, BusSide.Guest).Fill(value);
            }
        });
        Task producing = Task.Run(() =>
        {
            // Otherwise a correct producer; it never moves the base, which is allowed.
            long tail = 0;
            while (tail < Length && !guest.Bus.Completion.IsCompleted)
            {
                long room = Small().Window - (tail - Volatile.Read(ref guest.Head(slot, BusSide.Guest)));
                tail = Math.Min(Length, tail + room);
                Volatile.Write(ref guest.Tail(slot, BusSide.Guest), tail);
                guest.Signal(slot);
            }
        });

        long received = 0;
        while (received < Length)
        {
            System.IO.Pipelines.ReadResult read = await host.Input.ReadAsync().AsTask().WaitAsync(BusPair.StepLimit);
            received += read.Buffer.Length;
            host.Input.AdvanceTo(read.Buffer.End);
        }

        await producing;
        await stop.CancelAsync();
        await changing;
        await guest.SendAsync(Frame(End, RawRingGuest.GuestChannel, BitConverter.GetBytes((long)Length)));
        Assert.That((await host.Input.ReceiveToEndAsync().WaitAsync(BusPair.StepLimit)).Length, Is.Zero);
        Assert.That(received, Is.EqualTo(Length));
    }

    private static BusOptions Small() =>
        new() { Side = BusSide.Host, ComponentVersion = "h", Window = 65536, RingSize = 65536, MaxChannelPairs = 8 };

    private static void Scribble(RawRingGuest guest, int slot, Random random)
    {
        Span<long> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(guest.Header);
        for (int n = 0; n < 20_000 && !guest.Bus.Completion.IsCompleted; n++)
        {
            switch (random.Next(6))
            {
                case 0:
                    words[random.Next(words.Length)] = random.NextInt64();
                    break;
                case 1:
                    Volatile.Write(ref guest.Tail(slot, BusSide.Guest), random.Next(-10, 70_000));
                    break;
                case 2:
                    Volatile.Write(ref guest.Base(slot, BusSide.Guest), random.Next(-10, 70_000));
                    break;
                case 3:
                    Volatile.Write(ref guest.Head(slot, BusSide.Host), random.Next(-10, 2000));
                    break;
                case 4:
                    Volatile.Write(ref guest.Tail(slot, BusSide.Guest), guest.Tail(slot, BusSide.Guest) + random.Next(2000));
                    break;
                default:
                    guest.Signal(random.Next(64));
                    break;
            }
        }
    }

    private static async Task EndsNamingAsync(RawRingGuest guest, uint channel, string named)
    {
        BusException failure = await BusAssert.FailsAsync(guest.Bus.Completion, BusError.Corrupt);
        Assert.That(failure.Message, Does.Contain($"channel {channel}").And.Contain(named));
    }
}
