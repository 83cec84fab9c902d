using System.Net.NetworkInformation;
using System.Security.Cryptography;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// The hardware that a guest detects, read through its serial line. One machine for all of them: none changes what another looks
/// at.
/// </summary>
[NonParallelizable]
[CancelAfter(120_000)]
internal sealed class QemuHardwareTests
{
    private const int BlockSize = 4096;
    private const int BlocksInData = 16;
    private const int FirstBlock = 256;
    private const long DiskSize = 8 << 20;
    private const string AwkwardName = "it's a, \"disk\" {of} mine, file=x";

    private static readonly Guid BiosGuid = new("12345678-9abc-def0-1234-56789abcdef0");
    private static readonly byte[] FixedData = RandomNumberGenerator.GetBytes(BlockSize * BlocksInData);
    private static readonly byte[] DynamicData = RandomNumberGenerator.GetBytes(BlockSize * BlocksInData);

    private readonly QemuMachineProvider provider = new();
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;
    private byte[] baseBefore = [];
    private IRunningMachine machine = null!;
    private GuestShell shell = null!;

    private string FixedDisk => folder.PathOf(AwkwardName + " fixed.vhd");

    private string DynamicDisk => folder.PathOf(AwkwardName + " dynamic.vhd");

    private string BaseDisk => folder.PathOf(AwkwardName + " base.vhd");

    private string UndoDisk => folder.PathOf(AwkwardName + " undo.vud");

    private string FirstDisc => folder.PathOf(AwkwardName + " 1.iso");

    private string SecondDisc => folder.PathOf(AwkwardName + " 2.iso");

    [OneTimeSetUp]
    public async Task Start_the_machine()
    {
        GuestImage image = new() { NetworkCard = "virtio-net-pci" };
        environment = new MachineTestEnvironment();
        folder = new TestDirectory();
        DiskCreation.CreateFixed(FixedDisk, DiskSize);
        DiskCreation.CreateDynamic(DynamicDisk, DiskSize);
        WriteDisk(FixedDisk, FixedData);
        WriteDisk(DynamicDisk, DynamicData);
        DiskCreation.CreateDynamic(BaseDisk, DiskSize);
        WriteDisk(BaseDisk, FixedData);
        DiskCreation.CreateDifferencing(UndoDisk, BaseDisk);
        baseBefore = await File.ReadAllBytesAsync(BaseDisk);
        await File.WriteAllBytesAsync(FirstDisc, FixedData);
        await File.WriteAllBytesAsync(SecondDisc, DynamicData);
        machine = await Wait.UntilAsync(
            provider.StartAsync(
                new MachineStart
                {
                    MachineName = AwkwardName,
                    ConfigurationId = Guid.NewGuid(),
                    MemoryMegabytes = 128,
                    Firmware = new FirmwareIdentity(BiosGuid, "bios, 1", "board \"2\"", "chassis '3'", "tag = 4"),
                    Configuration = image,
                    HardDisks =
                        [new MachineHardDisk(0, 0, FixedDisk), new MachineHardDisk(0, 1, DynamicDisk), new MachineHardDisk(1, 1, UndoDisk)],
                    DvdDrives = [new MachineDvdDrive(1, 0, new MachineMedium(FirstDisc, IsHostDrive: false))],
                    FloppyDrives = [new MachineFloppyDrive(0, Medium: null)],
                    NetworkCards =
                    [
                        new MachineNetworkCard(0, new PhysicalAddress([0x00, 0x03, 0xFF, 0x12, 0x34, 0x56]), VirtualNetworkKind.Shared),
                        new MachineNetworkCard(2, new PhysicalAddress([0x00, 0x03, 0xFF, 0xAB, 0xCD, 0xEF]), Network: null),
                    ],
                    NonVolatileMemoryFile = folder.PathOf("memory.nvr"),
                },
                new Progress<int>(),
                CancellationToken.None),
            "the machine to start");
        shell = await GuestShell.OpenAsync(machine.SerialPorts[0]);
    }

    [OneTimeTearDown]
    public async Task End_the_machine()
    {
        if (machine is not null)
        {
            await machine.DisposeAsync();
            await environment.AssertNothingLeftAsync();
        }

        environment?.Dispose();
        folder?.Dispose();
        await provider.DisposeAsync();
    }

    [TestCase("product_serial", "bios, 1")]
    [TestCase("board_serial", "board \"2\"")]
    [TestCase("chassis_serial", "chassis '3'")]
    [TestCase("chassis_asset_tag", "tag = 4")]
    [TestCase("product_uuid", "12345678-9abc-def0-1234-56789abcdef0")]
    public async Task The_guest_reads_its_identity_from_its_firmware(string name, string expected) =>
        Assert.That(await shell.RunAsync($"cat /sys/class/dmi/id/{name}"), Is.EqualTo(expected).IgnoreCase);

    [Test]
    public async Task The_guest_reads_its_disks_at_their_places()
    {
        Assert.That(await shell.RunAsync("cat /sys/block/sd?/size"), Is.EqualTo($"{DiskSize / 512}\n{DiskSize / 512}\n{DiskSize / 512}"));
        Assert.That(await HashOfAsync(await DiskAtAsync(0, 0), FirstBlock), Is.EqualTo(HashOf(FixedData)));
        Assert.That(await HashOfAsync(await DiskAtAsync(0, 1), FirstBlock), Is.EqualTo(HashOf(DynamicData)));
        Assert.That(
            await HashOfAsync(await DiskAtAsync(1, 1), FirstBlock), Is.EqualTo(HashOf(FixedData)), "the parent of the undo disk");
    }

    [Test]
    public async Task What_the_guest_writes_is_in_the_image_and_is_counted()
    {
        const int Block = FirstBlock + BlocksInData;
        MachineUsage before = await machine.UsageMeter.MeasureAsync(CancellationToken.None);

        await shell.RunAsync($"dd if=/dev/urandom of=/tmp/data bs={BlockSize} count={BlocksInData} 2>/dev/null");
        string hash = (await shell.RunAsync("sha256sum /tmp/data"))[..64];
        foreach (string disk in (string[])["sda", "sdb", "sdc"])
        {
            await shell.RunAsync($"dd if=/tmp/data of=/dev/{disk} bs={BlockSize} seek={Block} conv=fsync 2>/dev/null");
        }

        MachineUsage after = await machine.UsageMeter.MeasureAsync(CancellationToken.None);
        Assert.That(after.DiskBytesWritten - before.DiskBytesWritten, Is.AtLeast(3 * BlockSize * BlocksInData));
        Assert.That(after.ProcessorTime, Is.GreaterThan(before.ProcessorTime));

        // The guest has flushed, so the fixed image, which QEMU itself writes, holds it.
        string copy = folder.PathOf("copy.vhd");
        File.Copy(FixedDisk, copy);
        using (VirtualDisk image = VirtualDisk.Open(copy, FileAccess.Read))
        {
            byte[] data = new byte[BlockSize * BlocksInData];
            image.Read((long)Block * BlockSize, data);
            Assert.That(HashOf(data), Is.EqualTo(hash));
        }

        // The others our process has open for itself; the guest reads them past its own memory.
        await shell.RunAsync("echo 3 >/proc/sys/vm/drop_caches");
        Assert.That(await HashOfAsync(await DiskAtAsync(0, 1), Block), Is.EqualTo(hash));
        Assert.That(await HashOfAsync(await DiskAtAsync(1, 1), Block), Is.EqualTo(hash));
        Assert.That(await File.ReadAllBytesAsync(BaseDisk), Is.EqualTo(baseBefore), "the disk below the undo disk");
    }

    [Test]
    public async Task Discs_are_changed_and_taken_out_while_the_guest_runs()
    {
        await WaitForDiscAsync(FixedData);

        await machine.RemovableDrives!.ChangeDvdAsync(1, 0, new MachineMedium(SecondDisc, IsHostDrive: false), CancellationToken.None);
        await WaitForDiscAsync(DynamicData);

        await machine.RemovableDrives.ChangeDvdAsync(1, 0, medium: null, CancellationToken.None);
        await Wait.UntilAsync(
            async () => (await shell.RunAsync("dd if=/dev/sr0 bs=2048 count=1 of=/dev/null 2>&1")).Contains(
                "No medium", StringComparison.Ordinal), "the drive to be empty");

        await machine.RemovableDrives.ChangeDvdAsync(1, 0, new MachineMedium(FirstDisc, IsHostDrive: false), CancellationToken.None);
    }

    [Test]
    public async Task A_disc_that_cannot_be_used_leaves_the_one_before_in_the_drive()
    {
        Assert.That(
            async () => await machine.RemovableDrives!.ChangeDvdAsync(
                1, 0, new MachineMedium(folder.PathOf("none.iso"), IsHostDrive: false), CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>().With.Message.Contains("none.iso"));
        Assert.That(
            async () => await machine.RemovableDrives!.ChangeDvdAsync(0, 0, medium: null, CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>().With.Property(
                nameof(VirtualMachineException.Error)).EqualTo(VirtualMachineError.DriveInvalid));

        await WaitForDiscAsync(FixedData);
    }

    [Test]
    public async Task Network_cards_have_their_addresses_and_their_links()
    {
        Assert.That(
            await shell.RunAsync("cat /sys/class/net/eth0/address /sys/class/net/eth1/address"),
            Is.EqualTo("00:03:ff:12:34:56\n00:03:ff:ab:cd:ef"));
        await shell.RunAsync("ifconfig eth0 up; ifconfig eth1 up");
        Assert.That(await LinksAsync(), Is.EqualTo("1\n0"));

        // QEMU's own network answers, so the cable does lead there.
        Assert.That(await shell.RunAsync("udhcpc -i eth0 -n -q -s /bin/true"), Does.Contain("lease of 10.0.2."));

        await machine.NetworkCables!.PlugAsync(0, network: null, CancellationToken.None);
        await machine.NetworkCables.PlugAsync(2, VirtualNetworkKind.Shared, CancellationToken.None);
        await Wait.UntilAsync(async () => await LinksAsync() == "0\n1", "the guest to see its cables change");
        Assert.That(await shell.RunAsync("udhcpc -i eth1 -n -q -s /bin/true"), Does.Contain("lease of 10.0.2."));

        await machine.NetworkCables.PlugAsync(2, network: null, CancellationToken.None);
        await machine.NetworkCables.PlugAsync(0, VirtualNetworkKind.Shared, CancellationToken.None);
        Assert.That(
            async () =>
                await machine.NetworkCables.PlugAsync(1, network: null, CancellationToken.None),
                Throws.InstanceOf<VirtualMachineException>());
    }

    [Test]
    public async Task Every_byte_goes_both_ways_over_the_second_serial_port()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        // A closed port drops received bytes, so it is opened before anything is sent.
        await shell.RunAsync("exec 5<>/dev/ttyS1; stty -F /dev/ttyS1 115200 raw -echo; (dd bs=1 <&5 >&5 2>/dev/null &)");

        await machine.SerialPorts[1].WriteAsync(all, CancellationToken.None);
        List<byte> back = [];
        byte[] buffer = new byte[all.Length];
        while (back.Count < all.Length)
        {
            int count = await Wait.UntilAsync(
                machine.SerialPorts[1].ReadAsync(buffer, CancellationToken.None).AsTask(), $"byte {back.Count}");
            back.AddRange(buffer[..count]);
        }

        Assert.That(back, Is.EqualTo(all));
    }

    [Test]
    public async Task A_machine_with_hard_disks_has_no_memory_disk()
    {
        Assert.That(await shell.RunAsync("ls /sys/block"), Does.Contain("sda").And.Not.Contain("vd"));
        Assert.That(File.Exists(folder.PathOf("memory.nvr")), Is.False);
    }

    /// <summary>Waits until the guest reads a disc. The first read after a change only reports the change.</summary>
    private Task WaitForDiscAsync(byte[] content) =>
        Wait.UntilAsync(async () => await HashOfAsync("/dev/sr0") == HashOf(content), "the guest to read the disc");

    private Task<string> LinksAsync() => shell.RunAsync("cat /sys/class/net/eth0/carrier /sys/class/net/eth1/carrier");

    /// <summary>
    /// The guest's name for the disk at a position of the IDE buses. Linux probes its disks in parallel since 6.x, so the letters need
    /// not follow the positions.
    /// </summary>
    private async Task<string> DiskAtAsync(int bus, int device) =>
        "/dev/" + await shell.RunAsync($"basename /sys/devices/pci0000:00/*/ata{bus + 1}/host*/target*:0:{device}/*/block/sd?");

    private async Task<string> HashOfAsync(string device, int skip = 0)
    {
        string answer = await shell.RunAsync($"dd if={device} bs={BlockSize} skip={skip} count={BlocksInData} 2>/dev/null | sha256sum");
        return answer[..Math.Min(64, answer.Length)];
    }

    private static string HashOf(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static void WriteDisk(string path, byte[] data)
    {
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
        disk.Write((long)FirstBlock * BlockSize, data);
        disk.Flush();
    }
}
