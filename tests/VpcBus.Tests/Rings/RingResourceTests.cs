using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Rings;
using VpcComApi.VpcBus.Tests.Links;
using VpcComApi.VpcBus.Tests.Relay;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>
/// The memory, threads and descriptors that rings use, and that all of them are released. The numbers are those of the protocol page.
/// </summary>
[TestFixture]
[Platform("Linux")]
[CancelAfter(90_000)]
internal sealed class RingResourceTests
{
    private const int IdleBytes = 32 * 1024;

    [Test]
    public async Task A_thousand_idle_channels_take_one_thread_and_little_memory()
    {
        const int Pairs = 1000;
        await using BusPair bus = await BusPair.ConnectAsync(
            await SocketLinks.CreateUnixAsync(), Options(BusSide.Host, Pairs + 8), Options(BusSide.Guest, Pairs + 8));
        int threads = Process.GetCurrentProcess().Threads.Count;
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        List<(BusChannelPair Host, BusChannelPair Guest)> pairs = new();
        for (int n = 0; n < Pairs; n++)
        {
            pairs.Add(await bus.OpenAsync($"s{n}"));
        }

        byte[] bytes = new byte[200_000];
        foreach ((BusChannelPair host, BusChannelPair guest) in pairs)
        {
            await host.SendAsync(bytes);
            await guest.SendAsync(bytes);
            await guest.ReceiveAsync(bytes.Length);
            await host.ReceiveAsync(bytes.Length);
        }

        // While busy the rings had no more than their size; when idle, their pages are returned to the system.
        long touched = ResidentRingBytes();
        await BusAssert.UntilAsync(() => ResidentRingBytes() < 2L * Pairs * IdleBytes);

        Assert.That(touched, Is.LessThanOrEqualTo(2 * new RingLayout(Pairs + 8, BusOptions.DefaultRingSize).TotalSize));
        long idle = (GC.GetTotalMemory(forceFullCollection: true) - managed) / (2 * Pairs);
        await TestContext.Out.WriteLineAsync(
            $"an idle channel pair with rings takes {idle} bytes a side and {ResidentRingBytes() / (2 * Pairs)} bytes of shared memory, "
                + "both sides together");
        Assert.That(idle, Is.LessThan(IdleBytes));
        Assert.That(EventLoop.ThreadCount, Is.EqualTo(1));
        Assert.That(Process.GetCurrentProcess().Threads.Count, Is.LessThan(threads + 40));
        foreach ((BusChannelPair host, BusChannelPair guest) in pairs)
        {
            await host.SendAsync([1]);
            Assert.That(await guest.ReceiveAsync(1), Is.EqualTo(new byte[] { 1 }), "a channel works after its pages were returned");
        }
    }

    [Test]
    public async Task Nothing_is_left_when_the_buses_have_ended()
    {
        await NothingIsMappedAsync();
        int descriptors = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int round = 0; round < 20; round++)
        {
            await using RelayRig rig = await RelayRig.BuildAsync();
            await rig.Client.Program.SendAsync("hello"u8.ToArray());
            byte[] received = new byte[5];
            await rig.Server.Program.ReceiveAsync(received);
        }

        await NothingIsMappedAsync();
        await BusAssert.UntilAsync(() => Directory.GetFileSystemEntries("/proc/self/fd").Length <= descriptors + 2);
    }

    [Test]
    public async Task Slots_are_used_again()
    {
        await using BusPair bus = await BusPair.ConnectAsync(
            await SocketLinks.CreateUnixAsync(), Options(BusSide.Host, 2), Options(BusSide.Guest, 2));
        for (int round = 0; round < 40; round++)
        {
            (BusChannelPair host, BusChannelPair guest) = round % 2 == 0
                ? await bus.OpenAsync($"{round}")
                : await bus.OpenFromGuestAsync($"{round}");
            await host.SendAsync([(byte)round]);
            Assert.That(await guest.ReceiveAsync(1), Is.EqualTo(new[] { (byte)round }));
            if (round % 3 == 0)
            {
                host.Abort();
            }

            await Task.WhenAll(host.DisposeAsync().AsTask(), guest.DisposeAsync().AsTask()).WaitAsync(BusPair.StepLimit);
        }

        await BusAssert.UntilAsync(() => bus.Host.Rings()!.FreeSlots == 2);
    }

    [Test]
    public async Task Bulk_through_the_relays_allocates_nothing_for_its_bytes()
    {
        const int Length = 256 * 1024 * 1024;
        await using RelayRig rig = await RelayRig.BuildAsync();
        Move(rig.Client.Program, rig.Server.Program, Length / 8);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        Move(rig.Client.Program, rig.Server.Program, Length);

        // What the threads and buffers of this test take, and whatever else the process does meanwhile, is some 300 to 400 KiB. One object
        // for each KiB moved would be 6 MiB, one buffer for each of the 4,096 blocks 256 MiB.
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(1024 * 1024));
    }

    [Test]
    public async Task A_side_that_wants_no_rings_is_served_in_frames([Values] BusSide side)
    {
        BusOptions without = new() { Side = side, ComponentVersion = "plain", UseRings = false };
        await using BusPair bus = await BusPair.ConnectAsync(
            await SocketLinks.CreateUnixAsync(), side == BusSide.Host ? without : null, side == BusSide.Guest ? without : null);
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();

        await host.SendAsync([1, 2]);

        Assert.That(await guest.ReceiveAsync(2), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(host.Slot, Is.Negative);
    }

    [Test]
    public async Task A_guest_that_cannot_map_the_memory_is_served_in_frames()
    {
        // A proxy between the two passes on bytes but no descriptors.
        LinkPair near = await SocketLinks.CreateUnixAsync();
        LinkPair far = await SocketLinks.CreateUnixAsync();
        Task[] copying = [near.Guest.CopyToAsync(far.Host), far.Host.CopyToAsync(near.Guest)];
        await using (BusPair bus = await BusPair.ConnectAsync(new LinkPair(near.Host, far.Guest)))
        {
            (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
            await guest.SendAsync([1, 2]);
            Assert.That(await host.ReceiveAsync(2), Is.EqualTo(new byte[] { 1, 2 }));
            Assert.That(host.Slot, Is.Negative);
        }

        await near.DisposeAsync();
        await far.DisposeAsync();
        await Task.WhenAll(copying).ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
    }

    private static Task NothingIsMappedAsync() => BusAssert.UntilAsync(() =>
    {
        // A pair that a test has not disposed uses the slow path.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return EventLoop.ThreadCount == 0 && SharedMemory.Mapped == 0;
    });

    private static BusOptions Options(BusSide side, int pairs) => new() { Side = side, ComponentVersion = "many", MaxChannelPairs = pairs };

    private static void Move(Socket from, Socket to, int length)
    {
        Thread writing = new(() =>
        {
            byte[] bytes = new byte[65536];
            for (int sent = 0; sent < length;)
            {
                sent += from.Send(bytes, 0, Math.Min(bytes.Length, length - sent), SocketFlags.None);
            }
        });
        writing.Start();
        byte[] buffer = new byte[65536];
        for (int received = 0; received < length;)
        {
            received += to.Receive(buffer);
        }

        writing.Join();
    }

    /// <summary>Resident bytes of all mappings of rings in this process. Both sides' are here, so each page counts twice.</summary>
    private static long ResidentRingBytes()
    {
        long total = 0;
        bool isRing = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains("/memfd:vpcbus", StringComparison.Ordinal))
            {
                isRing = true;
            }
            else if (isRing && line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                total += 1024 * long.Parse(line["Rss:".Length..^"kB".Length], CultureInfo.InvariantCulture);
                isRing = false;
            }
        }

        return total;
    }
}
