using System.Text;
using VpcComApi.ProviderConformance;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// Machines that boot from their own media, without a kernel of the host's: from a floppy disk, and from a hard disk. What they boot is one
/// sector: it reads the next sector, writes eight of its letters to COM1, waits for a byte there, and begins again.
/// </summary>
[NonParallelizable]
[CancelAfter(60_000)]
internal sealed class QemuBootTests
{
    private const int SectorSize = 512;
    private const int TextLength = 8;

    /// <summary>What <see cref="Fallible"/> writes to COM1 when it boots.</summary>
    private const string BootMark = "B";

    private readonly QemuMachineProvider provider = new();
    private MachineTestEnvironment environment = null!;
    private TestDirectory folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        ToolRequirement.Require(GuestImage.Qemu);
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

    [TearDown]
    public Task NothingIsLeft() => environment.AssertNothingLeftAsync();

    [Test]
    public async Task A_machine_boots_from_a_floppy_disk_which_is_changed_then()
    {
        MachineMedium first = Floppy("first, \"one\".vfd", "FLOPPY-1");
        MachineMedium second = Floppy("second, 'one'.vfd", "FLOPPY-2");
        await using IRunningMachine machine = await StartAsync(
            Start() with
            {
                FloppyDrives = [new MachineFloppyDrive(0, first)],
                HardDisks = [new MachineHardDisk(0, 0, Disk("below.vhd", "NOT-THIS"))],
            });
        Assert.That(await ReadTextAsync(machine), Is.EqualTo("FLOPPY-1"));

        await machine.RemovableDrives!.ChangeFloppyAsync(0, second, CancellationToken.None);
        await machine.SerialPorts[0].WriteAsync(new byte[1], CancellationToken.None);

        Assert.That(await ReadTextAsync(machine), Is.EqualTo("FLOPPY-2"));
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    public async Task A_machine_with_empty_drives_boots_from_its_hard_disk(int bus, int device)
    {
        await using IRunningMachine machine = await StartAsync(Start() with
        {
            HardDisks = [new MachineHardDisk(bus, device, Disk($"disk-{bus}{device}.vhd", "HARDDISK"))],
            FloppyDrives = [new MachineFloppyDrive(0, Medium: null)],
            DvdDrives = [new MachineDvdDrive(1, 0, Medium: null)],
        });

        Assert.That(await ReadTextAsync(machine), Is.EqualTo("HARDDISK"));
    }

    [Test]
    public async Task A_disc_that_was_deleted_leaves_its_drive_empty_and_the_machine_boots()
    {
        await using IRunningMachine machine = await StartAsync(Start() with
        {
            HardDisks = [new MachineHardDisk(0, 0, Disk("disk.vhd", "HARDDISK"))],
            DvdDrives = [new MachineDvdDrive(1, 0, new MachineMedium(folder.PathOf("deleted.iso"), IsHostDrive: false))],
        });

        Assert.That(await ReadTextAsync(machine), Is.EqualTo("HARDDISK"));
    }

    [Test]
    public async Task A_saved_machine_goes_on_with_its_disk_where_it_was()
    {
        string file = folder.PathOf("state.vsv");
        MachineStart start = Start() with { HardDisks = [new MachineHardDisk(0, 0, Disk("kept.vhd", "HARDDISK"))] };
        await using (IRunningMachine machine = await StartAsync(start))
        {
            Assert.That(await ReadTextAsync(machine), Is.EqualTo("HARDDISK"));
            await Wait.UntilAsync(machine.SaveAsync(file, new Progress<int>(), CancellationToken.None), "the save");
        }

        await using IRunningMachine restored = await StartAsync(start with { SavedStateFile = file });
        await restored.SerialPorts[0].WriteAsync(new byte[1], CancellationToken.None);

        Assert.That(await ReadTextAsync(restored), Is.EqualTo("HARDDISK"));
    }

    [Test]
    public async Task A_save_that_fails_leaves_a_machine_that_reads_its_disk()
    {
        await using IRunningMachine machine = await StartAsync(
            Start() with { HardDisks = [new MachineHardDisk(0, 0, Disk("still.vhd", "HARDDISK"))] });
        Assert.That(await ReadTextAsync(machine), Is.EqualTo("HARDDISK"));
        Assert.That(
            async () => await machine.SaveAsync(folder.PathOf("no such folder", "state.vsv"), new Progress<int>(), CancellationToken.None),
            Throws.InstanceOf<VirtualMachineException>());

        await machine.SerialPorts[0].WriteAsync(new byte[1], CancellationToken.None);

        Assert.That(await ReadTextAsync(machine), Is.EqualTo("HARDDISK"));
    }

    [Test]
    public async Task A_triple_fault_is_distinguished_from_a_guest_s_restart_and_both_reboot()
    {
        MachineMedium floppy = Floppy("faults.vfd", Fallible);
        await using IRunningMachine machine = await StartAsync(Start() with { FloppyDrives = [new MachineFloppyDrive(0, floppy)] });
        Task fault = machine.WaitForProcessorFaultAsync(CancellationToken.None);
        Assert.That(await ReadTextAsync(machine, BootMark.Length), Is.EqualTo(BootMark));

        await machine.SerialPorts[0].WriteAsync("R"u8.ToArray(), CancellationToken.None);
        Assert.That(await ReadTextAsync(machine, BootMark.Length), Is.EqualTo(BootMark), "after its restart");
        await machine.ResetAsync(CancellationToken.None);
        Assert.That(await ReadTextAsync(machine, BootMark.Length), Is.EqualTo(BootMark), "after the reset");
        Assert.That(fault.IsCompleted, Is.False, "neither was a fault");

        await machine.SerialPorts[0].WriteAsync("T"u8.ToArray(), CancellationToken.None);
        await Wait.UntilAsync(fault, "the triple fault to be reported");
        Assert.That(await ReadTextAsync(machine, BootMark.Length), Is.EqualTo(BootMark), "after the triple fault");

        Assert.That(machine.WaitForProcessorFaultAsync(CancellationToken.None).IsCompleted, Is.False, "it was reported once");
        Assert.That(machine.Ended.IsCompleted, Is.False);
    }

    private static MachineStart Start() => new()
    {
        MachineName = "Boots, \"itself\" & more",
        ConfigurationId = Guid.NewGuid(),
        MemoryMegabytes = 16,
        Firmware = new FirmwareIdentity(Guid.NewGuid(), "bios", "board", "chassis", "tag"),
        Configuration = new NoValues(),
    };

    private Task<IRunningMachine> StartAsync(MachineStart start) =>
        Wait.UntilAsync(provider.StartAsync(start, new Progress<int>(), CancellationToken.None), "the machine to start");

    private static async Task<string> ReadTextAsync(IRunningMachine machine, int length = TextLength)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[length];
        while (text.Length < length)
        {
            int count = await Wait.UntilAsync(
                machine.SerialPorts[0].ReadAsync(buffer.AsMemory(text.Length), CancellationToken.None)
                    .AsTask(), $"the boot sector's text behind '{text}'");
            Assert.That(count, Is.Not.Zero, "the line ended");
            text.Append(Encoding.ASCII.GetString(buffer, text.Length, count));
        }

        return text.ToString();
    }

    private MachineMedium Floppy(string name, string text) => Floppy(name, Sectors(text, biosDrive: 0x00));

    private MachineMedium Floppy(string name, byte[] sectors)
    {
        string path = folder.PathOf(name);
        FloppyImage.Create(path, FloppyImageKind.HighDensity);
        using FileStream file = new(path, FileMode.Open, FileAccess.Write);
        file.Write(sectors);
        return new MachineMedium(path, IsHostDrive: false);
    }

    private string Disk(string name, string text)
    {
        string path = folder.PathOf(name);
        DiskCreation.CreateDynamic(path, VirtualDiskLimits.MinimumSize);
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
        disk.Write(0, Sectors(text, biosDrive: 0x80));
        disk.Flush();
        return path;
    }

    /// <summary>
    /// A boot sector that writes a letter to COM1 and waits for one: after a T its processor has a triple fault, after another letter it
    /// restarts.
    /// </summary>
    private static byte[] Fallible
    {
        get
        {
            ReadOnlySpan<byte> code =
            [
                0x31, 0xC0, 0x8E, 0xD8, // ds = 0
                0xBA, 0xF8, 0x03, 0xB0, (byte)BootMark[0], 0xEE, // write to COM1
                0xBA, 0xFD, 0x03, 0xEC, 0xA8, 0x01, 0x74, 0xFB, // until COM1 has a byte
                0xBA, 0xF8, 0x03, 0xEC, 0x3C, (byte)'T', 0x74, 0x07, // take it; a T: fault
                0xB0, 0xFE, 0xE6, 0x64, 0xF4, 0xEB, 0xFD, // restart by the keyboard's controller, and halt
                0x0F, 0x01, 0x1E, 0x27, 0x7C, 0xCC, // fault: a table of interrupts without an entry, and an interrupt
                0x00, 0x00, 0x00, 0x00, 0x00, 0x00, // that table
            ];
            byte[] sector = new byte[SectorSize];
            code.CopyTo(sector);
            sector[SectorSize - 2] = 0x55;
            sector[SectorSize - 1] = 0xAA;
            return sector;
        }
    }

    /// <summary>The boot sector and the one that it reads.</summary>
    private static byte[] Sectors(string text, byte biosDrive)
    {
        ReadOnlySpan<byte> code =
        [
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xD0, 0xBC, 0x00, 0x7C, // ds, es, ss = 0; sp = 7C00
            0xB8, 0x01, 0x02, 0xBB, 0x00, 0x7E, 0xB9, 0x02, 0x00, 0xBA, biosDrive, 0x00, 0xCD, 0x13, // again: sector 2 to 7E00
            0x72, 0xF0, // jc again
            0xBE, 0x00, 0x7E, 0xB9, TextLength, 0x00, // si = 7E00; cx = 8
            0xBA, 0xFD, 0x03, 0xEC, 0xA8, 0x20, 0x74, 0xFB, // next: until COM1 takes a byte
            0xBA, 0xF8, 0x03, 0xAC, 0xEE, 0xE2, 0xF1, // send it; loop next
            0xBA, 0xFD, 0x03, 0xEC, 0xA8, 0x01, 0x74, 0xFB, // until COM1 has a byte
            0xBA, 0xF8, 0x03, 0xEC, 0xEB, 0xCD, // take it; jmp again
        ];
        byte[] sectors = new byte[2 * SectorSize];
        code.CopyTo(sectors);
        sectors[SectorSize - 2] = 0x55;
        sectors[SectorSize - 1] = 0xAA;
        Encoding.ASCII.GetBytes(text).CopyTo(sectors.AsSpan(SectorSize));
        return sectors;
    }
}
