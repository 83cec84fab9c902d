using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// The conformance suite over QEMU machines that boot a real kernel, without any network device; and what happens to bytes under way when
/// such a machine is reset or killed.
/// </summary>
[NonParallelizable]
public sealed class QemuMachineConformanceTests : ProviderConformanceTests
{
    private GuestImage image = null!;
    private readonly QemuMachineProvider provider = new();
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;
    private string? bootedState;

    /// <inheritdoc/>
    protected override int EchoPort => GuestImage.EchoPort;

    /// <inheritdoc/>
    protected override bool AnswersOnSerialPort => true;

    /// <inheritdoc/>
    protected override IReadOnlyValues Configuration => image;

    [OneTimeSetUp]
    public void SetUp()
    {
        image = new GuestImage();
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        environment?.Dispose();
        folder?.Dispose();
        await provider.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override IMachineProvider CreateProvider() => provider;

    /// <inheritdoc/>
    protected override void KillMachineFromOutside()
    {
        using Process machine = Process.GetProcessById(environment.Processes.Single());
        machine.Kill();
    }

    /// <inheritdoc/>
    protected override Task AssertNothingLeftAsync() => environment.AssertNothingLeftAsync();

    /// <inheritdoc/>
    /// <remarks>A boot takes seconds of an emulated processor; one guest boots, and the others are restored from its saved state.</remarks>
    protected override async Task<IRunningMachine> StartWithGuestAsync()
    {
        if (bootedState is null)
        {
            string file = folder.PathOf("booted.vsv");
            await using IRunningMachine machine = await StartAsync();
            await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
            await Wait.UntilAsync(machine.SaveAsync(file, new Progress<int>(), CancellationToken.None), "the save");
            bootedState = file;
        }

        return await StartAsync(bootedState);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Bytes_in_transit_at_a_reset_or_a_death_arrive_once_and_in_order_and_the_loss_of_the_rest_is_reported(bool killed)
    {
        const int Numbers = 16 * 1024;
        await using IRunningMachine machine = await StartWithGuestAsync();
        await using GuestConnection guest = await GuestConnection.ConnectAsync(machine);
        BusChannelPair pair = await guest.Bus.OfferAsync(TcpRelayService.Name(EchoPort));
        Task sending = SendForEverAsync(pair.Output);
        await using Stream echo = pair.Input.AsStream();
        byte[] number = new byte[sizeof(int)];
        int received = 0;

        Task reading = ReceiveForEverAsync();
        await Wait.UntilAsync(() => Volatile.Read(ref received) >= Numbers, "the transfer to be in full swing");
        if (killed)
        {
            KillMachineFromOutside();
        }
        else
        {
            await Wait.UntilAsync(machine.ResetAsync(CancellationToken.None), "the reset");
        }

        Assert.That(async () => await Wait.UntilAsync(reading, "the reader to be reported"), Throws.InstanceOf<BusException>());
        await Wait.UntilAsync(((Task)sending).ContinueWith(_ => { }, TaskScheduler.Default), "the sender to be reported");

        async Task ReceiveForEverAsync()
        {
            while (true)
            {
                await echo.ReadExactlyAsync(number);
                Assert.That(BinaryPrimitives.ReadInt32LittleEndian(number), Is.EqualTo(received), "the next number, once");
                Volatile.Write(ref received, received + 1);
            }
        }
    }

    private static async Task SendForEverAsync(PipeWriter output)
    {
        const int NumbersAtOnce = 1024;
        byte[] block = new byte[NumbersAtOnce * sizeof(int)];
        FlushResult result = default;
        for (int next = 0; !result.IsCompleted; next += NumbersAtOnce)
        {
            for (int at = 0; at < NumbersAtOnce; at++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(at * sizeof(int)), next + at);
            }

            result = await output.WriteAsync(block);
        }
    }
}
