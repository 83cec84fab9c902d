using VpcComApi.VpcBus.Linux;
using VpcComApi.VpcBus.Rings;
using VpcComApi.VpcBus.Tests.Links;

namespace VpcComApi.VpcBus.Tests.Rings;

/// <summary>Memory and doorbell of a machine's device, which outlive the buses over its link.</summary>
[TestFixture]
[Platform("Linux")]
[CancelAfter(60_000)]
internal sealed class RingDeviceTests
{
    [TestCase(false, true)]
    [TestCase(true, false)]
    [TestCase(false, false)]
    public async Task A_side_without_the_device_is_served_in_frames(bool hostHasDevice, bool guestHasDevice)
    {
        using DeviceLink devices = await DeviceLink.CreateAsync();
        await using BusPair bus = await BusPair.ConnectAsync(await devices.ConnectAsync(hostHasDevice, guestHasDevice));

        await WorksAsync(bus, throughRings: false);
    }

    [TestCase("/nowhere/resource2")]
    [TestCase("/proc/version")]
    public async Task A_guest_that_cannot_map_the_memory_is_served_in_frames(string file)
    {
        using DeviceLink devices = await DeviceLink.CreateAsync(memoryFiles: [file]);
        await using BusPair bus = await BusPair.ConnectAsync(await devices.ConnectAsync());

        await WorksAsync(bus, throughRings: false);
    }

    [Test]
    public async Task A_guest_knows_its_host_s_memory_from_that_of_another()
    {
        using DeviceLink other = await DeviceLink.CreateAsync();
        await using BusPair otherBus = await BusPair.ConnectAsync(await other.ConnectAsync());
        using DeviceLink wrong = await DeviceLink.CreateAsync(memoryFiles: [other.Host.MemoryPath]);
        await using BusPair wrongBus = await BusPair.ConnectAsync(await wrong.ConnectAsync());

        await WorksAsync(wrongBus, throughRings: false);
        await WorksAsync(otherBus, throughRings: true);
    }

    [Test]
    public async Task One_bus_after_the_other_finds_the_memory_as_new()
    {
        using DeviceLink devices = await DeviceLink.CreateAsync();
        for (int round = 0; round < 3; round++)
        {
            BusPair bus = await BusPair.ConnectAsync(await devices.ConnectAsync());
            await WorksAsync(bus, throughRings: true);

            // Both sides leave indices and bytes in the memory that the next bus must not use.
            (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync("left");
            await host.SendAsync(new byte[10_000]);
            await guest.SendAsync(new byte[10_000]);
            await bus.DisposeAsync();
        }
    }

    [Test]
    public async Task Bytes_that_a_former_bus_has_still_to_give_are_not_touched_by_the_next()
    {
        using DeviceLink devices = await DeviceLink.CreateAsync();
        BusPair former = await BusPair.ConnectAsync(await devices.ConnectAsync());
        (BusChannelPair host, BusChannelPair guest) = await former.OpenAsync();
        byte[] sent = new byte[50_000];
        Pattern.Fill(7, 0, sent);
        await guest.SendAsync(sent);
        await guest.EndAsync();
        await BusAssert.UntilAsync(() => host.Events.Any(happened => happened.Kind == ChannelEventKind.ReceivingEnded));
        await former.DisposeAsync();

        await using (BusPair next = await BusPair.ConnectAsync(await devices.ConnectAsync()))
        {
            await WorksAsync(next, throughRings: false);
        }

        byte[] received = await host.ReceiveAsync(sent.Length);
        Assert.That(Pattern.Matches(7, 0, received), Is.True);
        await host.Input.CompleteAsync();
        await using BusPair last = await BusPair.ConnectAsync(await devices.ConnectAsync());
        await WorksAsync(last, throughRings: true);
    }

    [Test]
    public async Task A_doorbell_that_ends_ends_the_bus_and_the_next_one_does_without()
    {
        using DeviceLink devices = await DeviceLink.CreateAsync();
        BusPair bus = await BusPair.ConnectAsync(await devices.ConnectAsync());
        (BusChannelPair host, _) = await bus.OpenAsync();
        Task reading = host.Input.ReadAsync().AsTask();

        devices.CutDoorbell();

        await BusAssert.FailsAsync(bus.Host.Completion, BusError.LinkLost);
        await BusAssert.FailsAsync(reading, BusError.LinkLost);
        await bus.DisposeAsync();
        await using BusPair next = await BusPair.ConnectAsync(await devices.ConnectAsync(guestHasDevice: true));
        await WorksAsync(next, throughRings: false);
    }

    [Test]
    public async Task Pairs_beyond_the_slots_use_frames()
    {
        using DeviceLink devices = await DeviceLink.CreateAsync(DeviceLink.SmallestLength);
        await using BusPair bus = await BusPair.ConnectAsync(await devices.ConnectAsync());
        await bus.OpenAsync();

        await WorksAsync(bus, throughRings: false);
    }

    [Test]
    public async Task What_a_guest_writes_into_the_memory_ends_that_bus_alone_and_a_left_over_writer_the_next_one()
    {
        using DeviceLink devices = await DeviceLink.CreateAsync();
        using DeviceLink others = await DeviceLink.CreateAsync();
        await using BusPair other = await BusPair.ConnectAsync(await others.ConnectAsync());
        using SharedMemory leftOver = SharedMemory.TryMapDevice(devices.Host.MemoryPath, devices.Host.Length)!;
        for (int round = 0; round < 2; round++)
        {
            BusPair bus = await BusPair.ConnectAsync(await devices.ConnectAsync());
            (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
            Assert.That(host.Slot, Is.Not.Negative);
            Task reading = host.Input.ReadAsync().AsTask();

            WriteTail(leftOver, host.Slot, -1);
            await guest.Output.WriteAsync(new byte[1]).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            WriteTail(leftOver, host.Slot, -1);
            bus.Guest.Rings()?.Signals.Signal(host.Slot);

            await BusAssert.FailsAsync(bus.Host.Completion, BusError.Corrupt);
            await reading.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
            await bus.DisposeAsync();
        }

        await WorksAsync(other, throughRings: true);
    }

    [Test]
    public void The_memory_cannot_be_cut_or_grown_through_its_file()
    {
        using HostRingDevice device = HostRingDevice.TryCreate(DeviceLink.SmallestLength)!;
        using FileStream file = new(device.MemoryPath, FileMode.Open, FileAccess.ReadWrite);

        Assert.That(() => file.SetLength(0), Throws.InstanceOf<Exception>());
        Assert.That(() => file.SetLength(2 * DeviceLink.SmallestLength), Throws.InstanceOf<Exception>());
        Assert.That(file.Length, Is.EqualTo(DeviceLink.SmallestLength));
    }

    private static unsafe void WriteTail(SharedMemory memory, int slot, long tail)
    {
        Volatile.Write(ref *(long*)(memory.Address + RingLayout.IndicesOf(slot, BusSide.Guest)), tail);
    }

    private static async Task WorksAsync(BusPair bus, bool throughRings)
    {
        (BusChannelPair host, BusChannelPair guest) = await bus.OpenAsync();
        Assert.That(host.Slot, throughRings ? Is.Not.Negative : Is.Negative);
        await host.SendAsync([1, 2, 3]);
        await guest.SendAsync([4, 5]);
        Assert.That(await guest.ReceiveAsync(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(await host.ReceiveAsync(2), Is.EqualTo(new byte[] { 4, 5 }));
        await Task.WhenAll(host.DisposeAsync().AsTask(), guest.DisposeAsync().AsTask());
    }
}
