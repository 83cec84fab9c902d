using System.Net.NetworkInformation;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>Two machines of one host whose cards are plugged into the internal network.</summary>
[NonParallelizable]
[CancelAfter(180_000)]
internal sealed class InternalNetworkTests
{
    private const int Card = 1;

    [Test]
    public async Task Two_guests_reach_each_other_and_nobody_else_while_their_cables_are_plugged_in()
    {
        using MachineTestEnvironment environment = new();
        using TestDirectory folder = new();
        await using QemuMachineProvider provider = new();
        IRunningMachine[] machines = await Task.WhenAll(StartAsync(provider, folder, 1), StartAsync(provider, folder, 2));
        try
        {
            GuestShell[] shells = await Task.WhenAll(machines.Select(machine => GuestShell.OpenAsync(machine.SerialPorts[0])));
            await shells[0].RunAsync("ifconfig eth0 10.1.1.1 up");
            await shells[1].RunAsync("ifconfig eth0 10.1.1.2 up");
            Assert.That((await machines[0].UsageMeter.MeasureAsync(CancellationToken.None)).NetworkBytesSent, Is.Not.Null);

            Assert.That(await PingAsync(shells[0], "10.1.1.2"), Is.True);
            Assert.That(await PingAsync(shells[1], "10.1.1.1"), Is.True);
            Assert.That(await PingAsync(shells[0], "10.0.2.2"), Is.False, "the host, as it is to be found behind address translation");

            // A whole file, through TCP of both guests.
            const int Megabytes = 2;
            await shells[1].RunAsync("nc -l -p 9000 -e /bin/dd of=/tmp/received 2>/dev/null & echo $! >/tmp/nc");
            await shells[0].RunAsync($"dd if=/dev/urandom of=/tmp/sent bs=1M count={Megabytes} 2>/dev/null");
            await Wait.UntilAsync(
                async () =>
                    (await shells[1].RunAsync("netstat -ltn")).Contains(":9000", StringComparison.Ordinal), "the guest's server to listen");
            await shells[0].RunAsync("nc -w 30 10.1.1.2 9000 </tmp/sent");
            await shells[1].RunAsync("while kill -0 $(cat /tmp/nc) 2>/dev/null; do usleep 100000; done");
            Assert.That(await shells[1].RunAsync("sha256sum </tmp/received"), Is.EqualTo(await shells[0].RunAsync("sha256sum </tmp/sent")));
            MachineUsage sender = await machines[0].UsageMeter.MeasureAsync(CancellationToken.None);
            MachineUsage receiver = await machines[1].UsageMeter.MeasureAsync(CancellationToken.None);
            Assert.That(sender.NetworkBytesSent, Is.AtLeast(Megabytes << 20));
            Assert.That(receiver.NetworkBytesReceived, Is.AtLeast(Megabytes << 20));

            await machines[1].NetworkCables!.PlugAsync(Card, network: null, CancellationToken.None);
            await Wait.UntilAsync(
                async () => await shells[1].RunAsync("cat /sys/class/net/eth0/carrier") == "0", "the guest to see its loose cable");
            Assert.That(await PingAsync(shells[0], "10.1.1.2"), Is.False);

            await machines[1].NetworkCables!.PlugAsync(Card, VirtualNetworkKind.Internal, CancellationToken.None);
            await Wait.UntilAsync(async () => await PingAsync(shells[0], "10.1.1.2"), "the guest to be reached again");
            Assert.That(
                (await machines[1].UsageMeter.MeasureAsync(CancellationToken.None)).NetworkBytesReceived,
                Is.GreaterThan(receiver.NetworkBytesReceived));
        }
        finally
        {
            foreach (IRunningMachine machine in machines)
            {
                await machine.DisposeAsync();
            }
        }

        await environment.AssertNothingLeftAsync();
    }

    private static Task<IRunningMachine> StartAsync(QemuMachineProvider provider, TestDirectory folder, byte number) => Wait.UntilAsync(
        provider.StartAsync(
            new MachineStart
            {
                MachineName = $"machine {number}",
                ConfigurationId = Guid.NewGuid(),
                MemoryMegabytes = 128,
                Firmware = new FirmwareIdentity(Guid.NewGuid(), "1", "2", "3", "4"),
                Configuration = new GuestImage { NetworkCard = "virtio-net-pci" },
                NetworkCards =
                    [new MachineNetworkCard(Card, new PhysicalAddress([0x00, 0x03, 0xFF, 0, 0, number]), VirtualNetworkKind.Internal)],
                NonVolatileMemoryFile = folder.PathOf($"memory{number}.nvr"),
            },
            new Progress<int>(),
            CancellationToken.None),
        "the machine to start");

    private static async Task<bool> PingAsync(GuestShell shell, string address) =>
        (await shell.RunAsync($"ping -c 1 -W 2 {address} >/dev/null 2>&1 && echo reached || echo lost")) == "reached";
}
