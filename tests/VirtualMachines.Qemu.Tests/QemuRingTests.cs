using System.IO.MemoryMappedFiles;
using System.Text.RegularExpressions;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// The memory that a machine shares with its host: that bytes of channels travel through it, what a guest can do with it, and that channels
/// work without. The tests look into it through the file that QEMU was given, at the places that docs/vpcbus.md names.
/// </summary>
[NonParallelizable]
[CancelAfter(180_000)]
[Platform("Linux")]
internal sealed partial class QemuRingTests
{
    private const int IndicesStart = 3 * 4096;
    private const int IndicesSize = 256;
    private const int HeadOffset = 128;
    private const int Places = 63;

    private readonly QemuMachineProvider provider = new(new QemuMachineOptions { Accelerator = "tcg" });
    private MachineTestEnvironment environment = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _ = new GuestImage();
        environment = new MachineTestEnvironment();
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        environment?.Dispose();
        await provider.DisposeAsync();
    }

    [TearDown]
    public Task NothingIsLeft() => environment.AssertNothingLeftAsync();

    [Test]
    public async Task Bytes_of_a_channel_travel_through_the_memory()
    {
        const int Length = 3_000_000;
        await using IRunningMachine machine = await StartAsync(new GuestImage());
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        using MemoryMappedFile memory = OpenMemory();
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        Assert.That(view.ReadUInt64(0), Is.EqualTo(0x73676E6952435056), "the header");

        await EchoAsync(guest, Length);

        Assert.That(Tails(view, BusSide.Host), Does.Contain((long)Length), "what the host has put in");
        Assert.That(Tails(view, BusSide.Guest), Does.Contain((long)Length), "what the guest has put in");
    }

    [Test]
    public async Task A_machine_that_must_not_share_memory_has_none_and_its_channels_work()
    {
        await using IRunningMachine machine = await StartAsync(new GuestImage { SharedMemory = "off" });
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);

        Assert.That(CommandLine(), Does.Not.Contain("ivshmem").And.Not.Contain("maxcpus"));
        await EchoAsync(guest, 300_000);
    }

    [Test]
    public async Task Lies_in_the_memory_end_that_bus_alone_and_the_guest_comes_back()
    {
        await using IRunningMachine machine = await StartAsync(new GuestImage());
        await using (GuestConnection guest = await GuestConnection.ConnectAsync(machine))
        {
            BusChannelPair pair = await guest.Bus.OfferAsync(TcpRelayService.Name(GuestImage.EchoPort));
            Stream echo = pair.Input.AsStream();
            using MemoryMappedFile memory = OpenMemory();
            using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
            await pair.Output.WriteAsync(new byte[1000]);
            await Wait.UntilAsync(echo.ReadExactlyAsync(new byte[1000]).AsTask(), "the echo");

            // As a hostile guest would, in every index: more read than was ever sent. A correct one writes there only when it has read
            // something.
            for (int place = 0; place < Places; place++)
            {
                view.Write(IndicesOf(place, BusSide.Host) + HeadOffset, long.MaxValue);
            }

            await pair.Output.WriteAsync(new byte[1000]);

            BusException? end = await Assert.ThrowsAsync<BusException>(
                async () => await Wait.UntilAsync(guest.Bus.Completion, "the bus to end"));
            Assert.That(end!.Error, Is.EqualTo(BusError.Corrupt));
            Assert.That(end.Message, Does.Contain("head"));
        }

        await using GuestConnection again = await GuestConnection.ConnectAsync(machine);
        await EchoAsync(again, 300_000);
    }

    [Test]
    public async Task A_guest_service_that_is_killed_in_a_transfer_ends_it_and_the_next_one_has_the_memory_as_new()
    {
        await using IRunningMachine machine = await StartAsync(new GuestImage());
        GuestShell shell = await GuestShell.OpenAsync(machine.SerialPorts[0]);
        byte[] firstKey;
        await using (GuestConnection guest = await GuestConnection.ConnectAsync(machine))
        {
            firstKey = ReadKey();
            BusChannelPair pair = await guest.Bus.OfferAsync(TcpRelayService.Name(GuestImage.EchoPort));
            Task sending = SendForEverAsync(pair);
            await Wait.UntilAsync(pair.Input.ReadAtLeastAsync(100_000).AsTask(), "the transfer");

            await shell.RunAsync("killall -9 vmsrvc");

            BusException? end = await Assert.ThrowsAsync<BusException>(
                async () => await Wait.UntilAsync(guest.Bus.Completion, "the bus to end"));
            Assert.That(end!.Error, Is.EqualTo(BusError.LinkLost));
            await Wait.UntilAsync(sending, "the sender to be reported");
        }

        await using GuestConnection again = await GuestConnection.ConnectAsync(machine);
        Assert.That(ReadKey(), Is.Not.EqualTo(firstKey));
        await EchoAsync(again, 300_000);
        using MemoryMappedFile memory = OpenMemory();
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        Assert.That(Tails(view, BusSide.Guest), Does.Contain(300_000L));
    }

    [Test]
    public async Task Many_messages_and_pauses_between_them_lose_no_wake_up()
    {
        const int Messages = 2000;
        await using IRunningMachine machine = await StartAsync(new GuestImage());
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        BusChannelPair pair = await guest.Bus.OfferAsync(TcpRelayService.Name(GuestImage.EchoPort));
        await using Stream echo = pair.Input.AsStream();
        Random random = new(1);
        byte[] received = new byte[64];

        // Pauses of chance, so that each side is found asleep, about to sleep, and awake.
        for (int message = 0; message < Messages; message++)
        {
            received.AsSpan().Clear();
            byte[] sent = new byte[64];
            random.NextBytes(sent);
            await pair.Output.WriteAsync(sent);
            await Wait.UntilAsync(echo.ReadExactlyAsync(received).AsTask(), $"the echo of message {message}", TimeSpan.FromSeconds(5));
            Assert.That(received, Is.EqualTo(sent));
            Thread.SpinWait(random.Next(20_000));
        }
    }

    [Test]
    public async Task A_saved_machine_has_its_memory_again_and_channels_through_it()
    {
        using TestDirectory folder = new();
        string file = folder.PathOf("state.vsv");
        GuestImage image = new();
        await using (IRunningMachine machine = await StartAsync(image))
        await using (GuestConnection guest = await GuestConnection.ConnectAsync(machine))
        {
            BusChannelPair pair = await guest.Bus.OfferAsync(TcpRelayService.Name(GuestImage.EchoPort));
            Task sending = SendForEverAsync(pair);
            await Wait.UntilAsync(pair.Input.ReadAtLeastAsync(100_000).AsTask(), "the transfer");
            await Wait.UntilAsync(machine.SaveAsync(file, new Progress<int>(), CancellationToken.None), "the save");
            await Wait.UntilAsync(sending, "the sender to be reported");
        }

        await using IRunningMachine restored = await StartAsync(image, file);
        await using GuestConnection again = await GuestConnection.ConnectAsync(restored);
        await EchoAsync(again, 300_000);
        using MemoryMappedFile memory = OpenMemory();
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        Assert.That(Tails(view, BusSide.Guest), Does.Contain(300_000L));
    }

    private async Task<IRunningMachine> StartAsync(IReadOnlyValues configuration, string? savedStateFile = null) => await Wait.UntilAsync(
        provider.StartAsync(
            new MachineStart
            {
                MachineName = "Rings",
                ConfigurationId = new Guid("0c0f95a7-6c3f-4ac2-9a0d-7f2f8c0a8b11"),
                MemoryMegabytes = 128,
                Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "tag"),
                Configuration = configuration,
                SavedStateFile = savedStateFile,
            },
            new Progress<int>(),
            CancellationToken.None),
        "the machine to start");

    private static async Task EchoAsync(GuestConnection guest, int length)
    {
        BusChannelPair pair = await Wait.UntilAsync(guest.Bus.OfferAsync(TcpRelayService.Name(GuestImage.EchoPort)), "the channel");
        byte[] sent = new byte[length];
        new Random(length).NextBytes(sent);
        byte[] received = new byte[length];
        Task sending = pair.Output.WriteAsync(sent).AsTask();
        await using Stream echo = pair.Input.AsStream();
        await Wait.UntilAsync(echo.ReadExactlyAsync(received).AsTask(), "the echo");
        await sending;
        Assert.That(received.AsSpan().SequenceEqual(sent), Is.True);
    }

    private static async Task SendForEverAsync(BusChannelPair pair)
    {
        byte[] block = new byte[10_000];
        try
        {
            while (!(await pair.Output.WriteAsync(block)).IsCompleted)
            {
                // It runs until it is ended.
            }
        }
        catch (BusException)
        {
            // So it was ended.
        }
    }

    private MemoryMappedFile OpenMemory() => MemoryMappedFile.CreateFromFile(
        new FileStream(MemoryPathPattern().Match(CommandLine()).Groups[1].Value, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite),
        mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);

    private byte[] ReadKey()
    {
        byte[] key = new byte[16];
        using MemoryMappedFile memory = OpenMemory();
        using MemoryMappedViewAccessor view = memory.CreateViewAccessor();
        view.ReadArray(24, key, 0, key.Length);
        return key;
    }

    private string CommandLine() => File.ReadAllText($"/proc/{environment.Processes.Single()}/cmdline");

    private static IEnumerable<long> Tails(MemoryMappedViewAccessor view, BusSide producer) =>
        [.. Enumerable.Range(0, Places).Select(place => view.ReadInt64(IndicesOf(place, producer)))];

    private static long IndicesOf(int place, BusSide producer) => IndicesStart + (((place * 2) + (int)producer) * IndicesSize);

    [GeneratedRegex("mem-path=([^,]+),")]
    private static partial Regex MemoryPathPattern();
}
