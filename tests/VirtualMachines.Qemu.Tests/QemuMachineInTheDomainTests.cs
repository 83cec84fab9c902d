using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Disks;
using VpcComApi.VirtualMachines.Machines;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// A QEMU machine, used as by the front ends: its guest has the hardware of its .vmc file, also when that changes while the machine runs or
/// is saved.
/// </summary>
[NonParallelizable]
[CancelAfter(180_000)]
internal sealed class QemuMachineInTheDomainTests
{
    private const string PipePrefix = @"\\.\pipe\";
    private const int SectorSize = 2048;
    private const int DiscSectors = 32;

    private readonly string pipe = "qemu-test-" + Guid.NewGuid().ToString("N");
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;
    private QemuMachineProvider provider = null!;
    private VirtualMachineHost host = null!;

    [SetUp]
    public void Open_the_host()
    {
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
        TestOutputLog log = new();
        provider = new QemuMachineProvider(new QemuMachineOptions { LoggerFactory = log });
        host = VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = folder.FullPath,
            Providers = [provider],
            LoggerFactory = log,
            IntegrationMediaFolder = Path.Combine(RepositoryPaths.Artifacts, "packages"),
        });
    }

    [TearDown]
    public async Task Close_the_host()
    {
        await host.DisposeAsync();
        await provider.DisposeAsync();
        await environment.AssertNothingLeftAsync();
        environment.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task Disks_discs_cables_lines_and_channels_follow_the_configuration_through_run_save_and_restore()
    {
        VirtualMachine machine = CreateMachine();
        string disk = await CreateDiskAsync();
        (string firstDisc, string firstHash) = CreateDisc("first.iso");
        (string secondDisc, string secondHash) = CreateDisc("second.iso");
        machine.AddHardDiskConnection(disk, 0, 0);
        await SucceedAsync(machine.Startup(StartupOption.Normal));
        await using (PipeLine line = await PipeLine.ConnectAsync(SerialPipe))
        {
            GuestShell shell = await GuestShell.OpenAsync(line);

            DvdDrive drive = machine.DvdDrives[0];
            drive.AttachImage(firstDisc);
            await Wait.UntilAsync(async () => await HashOfDiscAsync(shell) == firstHash, "the guest to read the disc");
            drive.ReleaseImage();
            await Wait.UntilAsync(
                async () => (await shell.RunAsync("dd if=/dev/sr0 bs=2048 count=1 of=/dev/null 2>&1")).Contains(
                    "No medium", StringComparison.Ordinal),
                "the guest to find the drive empty");

            string address = machine.NetworkCards[0].EthernetAddress.Replace('-', ':');
            Assert.That(await shell.RunAsync("ifconfig eth0 up; cat /sys/class/net/eth0/address"), Is.EqualTo(address).IgnoreCase);
            Assert.That(await shell.RunAsync("cat /sys/class/net/eth0/carrier"), Is.EqualTo("1"));
            machine.NetworkCards[0].Detach();
            await Wait.UntilAsync(
                async () => await shell.RunAsync("cat /sys/class/net/eth0/carrier") == "0", "the guest to see its cable pulled");
            machine.NetworkCards[0].AttachTo(host.VirtualNetworks.First(network => network.Kind == VirtualNetworkKind.Shared));

            await shell.RunAsync("echo written by the guest | dd of=/dev/sda seek=100 conv=fsync 2>/dev/null");
        }

        await Wait.UntilAsync(machine.WaitForChannelReadyAsync(CancellationToken.None), "the guest service");
        await using (Stream client = await OpenChannelAsync(machine, "before"))
        {
            await SucceedAsync(machine.Save());
            Assert.That(await Wait.UntilAsync(EndOfAsync(client), "the channel to end"), Is.True);
            Assert.That(machine.State, Is.EqualTo(MachineState.Saved));
            Assert.That(machine.CommunicationChannels, Is.Empty);
        }

        machine.DvdDrives[0].AttachImage(secondDisc);
        await SucceedAsync(machine.Startup(StartupOption.Normal));
        await using (PipeLine line = await PipeLine.ConnectAsync(SerialPipe))
        {
            GuestShell shell = GuestShell.GoOn(line);
            await Wait.UntilAsync(async () => await HashOfDiscAsync(shell) == secondHash, "the guest to read the other disc");
            Assert.That(
                await shell.RunAsync("dd if=/dev/sda skip=100 count=1 2>/dev/null | head -n 1"), Is.EqualTo("written by the guest"));
        }

        await Wait.UntilAsync(machine.WaitForChannelReadyAsync(CancellationToken.None), "the guest service again");
        Assert.That(machine.CommunicationChannels, Is.Empty, "a saved machine remembers no channels");
        await using (Stream client = await OpenChannelAsync(machine, "after"))
        {
            byte[] sent = "once more"u8.ToArray();
            await client.WriteAsync(sent);
            byte[] back = new byte[sent.Length];
            await Wait.UntilAsync(client.ReadExactlyAsync(back).AsTask(), "the echo");
            Assert.That(back, Is.EqualTo(sent));
        }

        await machine.PauseAsync(CancellationToken.None);
        await SucceedAsync(machine.TurnOff());
        using VirtualDisk image = VirtualDisk.Open(disk, FileAccess.Read);
        byte[] sector = new byte[512];
        image.Read(100 * 512, sector);
        Assert.That(Encoding.ASCII.GetString(sector), Does.StartWith("written by the guest\n"));
    }

    [TestCase(UndoAction.Discard, false)]
    [TestCase(UndoAction.Commit, true)]
    public async Task Undo_disks_take_what_the_guest_writes_and_are_discarded_or_merged_at_power_off(UndoAction action, bool isKept)
    {
        VirtualMachine machine = CreateMachine();
        string disk = await CreateDiskAsync();
        machine.AddHardDiskConnection(disk, 0, 0);
        machine.Undoable = true;
        machine.UndoAction = action;
        await SucceedAsync(machine.Startup(StartupOption.Normal));
        await using (PipeLine line = await PipeLine.ConnectAsync(SerialPipe))
        {
            GuestShell shell = await GuestShell.OpenAsync(line);
            await shell.RunAsync("echo written by the guest | dd of=/dev/sda seek=100 conv=fsync 2>/dev/null");
        }

        await SucceedAsync(machine.TurnOff());

        using VirtualDisk image = VirtualDisk.Open(disk, FileAccess.Read);
        byte[] sector = new byte[512];
        image.Read(100 * 512, sector);
        Assert.That(Encoding.ASCII.GetString(sector).StartsWith("written by the guest\n", StringComparison.Ordinal), Is.EqualTo(isKept));
    }

    [Test]
    public async Task A_guest_whose_components_are_removed_reads_their_package_from_the_disc()
    {
        string package = BuiltPackages.Find("vmsrvc_*_amd64.deb");
        BuiltPackages.Find("vmsrvc-*.iso");

        VirtualMachine machine = CreateMachine();
        TaskCompletionSource removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        machine.Occurred += (_, e) => _ = e.Occurrence == MachineOccurrence.IntegrationComponentsUninstalled && removed.TrySetResult();
        await SucceedAsync(machine.Startup(StartupOption.Normal));
        await using PipeLine line = await PipeLine.ConnectAsync(SerialPipe);
        GuestShell shell = await GuestShell.OpenAsync(line);
        await Wait.UntilAsync(machine.WaitForChannelReadyAsync(CancellationToken.None), "the guest service");
        machine.GuestOS.InstallIntegrationComponents();
        Assert.That(machine.DvdDrives[0].Attachment, Is.EqualTo(MediaAttachment.None), "the guest service is as new as the disc");

        // As its package does before it is removed.
        Assert.That(await shell.RunAsync("vmsrvc announce-removal"), Is.EqualTo("The host was informed."));
        await Wait.UntilAsync(removed.Task, "the removal to be reported");
        machine.GuestOS.InstallIntegrationComponents();
        Assert.That(Path.GetFileName(machine.DvdDrives[0].ImageFile), Does.Match(@"^vmsrvc-[0-9.]+\.iso$"));
        await Wait.UntilAsync(
            async () => (await shell.RunAsync("dd if=/dev/sr0 bs=2048 count=1 2>&1 >/dev/null")).Contains(
                "records", StringComparison.Ordinal), "the disc in the guest");
        string mounted = await shell.RunAsync(
            "mkdir -p /mnt; grep -q iso9660 /proc/filesystems || insmod /lib/modules/isofs.ko; mount -t iso9660 -o ro /dev/sr0 /mnt && "
                + "sha256sum /mnt/*.deb");

        Assert.That(mounted, Does.StartWith(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(package)))), mounted);
        Assert.That(mounted, Does.EndWith("/mnt/" + Path.GetFileName(package)));
        await SucceedAsync(machine.TurnOff());
    }

    private string SerialPipe => pipe + @"\com1";

    private static async Task SucceedAsync(MachineTask task)
    {
        await Wait.UntilAsync(task.Completion, task.Description);
        Assert.That(task.Error?.ToString(), Is.Null, task.Description);
    }

    private static async Task<string> HashOfDiscAsync(GuestShell shell) =>
        (await shell.RunAsync($"dd if=/dev/sr0 bs={SectorSize} count={DiscSectors} 2>/dev/null | sha256sum"))[..64];

    private static async Task<bool> EndOfAsync(Stream client)
    {
        try
        {
            return await client.ReadAsync(new byte[1]) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private VirtualMachine CreateMachine()
    {
        VirtualMachine machine = host.CreateVirtualMachine("QEMU, it's quoted", folder.PathOf("a machine's folder, here"));
        foreach ((string key, object value) in new GuestImage { NetworkCard = "virtio-net-pci" })
        {
            machine.ConfigurationValues.SetValue(key, value);
        }

        machine.MemoryMegabytes = 128;

        // As files of Virtual PC have it, with a pipe whose name has two parts.
        machine.ConfigurationValues.SetValue("hardware/super_io/serial_port[@id=0]/port_type", 3);
        machine.ConfigurationValues.SetValue("hardware/super_io/serial_port[@id=0]/pipe_name", PipePrefix + SerialPipe);
        return machine;
    }

    private async Task<string> CreateDiskAsync()
    {
        string path = folder.PathOf("a disk, it's mine.vhd");
        await SucceedAsync(host.CreateDynamicVirtualHardDisk(path, 8));
        return path;
    }

    /// <summary>A disc that is known by its descriptor.</summary>
    private (string Path, string Hash) CreateDisc(string name)
    {
        byte[] disc = RandomNumberGenerator.GetBytes(SectorSize * DiscSectors);
        "\u0001CD001"u8.CopyTo(disc.AsSpan(16 * SectorSize));
        string path = folder.PathOf(name);
        File.WriteAllBytes(path, disc);
        return (path, Convert.ToHexStringLower(SHA256.HashData(disc)));
    }

    private async Task<Stream> OpenChannelAsync(VirtualMachine machine, string name)
    {
        string bareName = $"{pipe}-{name}";
        await machine.StartCommunicationChannelAsync(
            EndpointType.NamedPipe, PipePrefix + bareName, EndpointType.TcpIp, "7", CancellationToken.None);
        NamedPipeClientStream client = new(".", bareName, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync(5000);
        return client;
    }
}
