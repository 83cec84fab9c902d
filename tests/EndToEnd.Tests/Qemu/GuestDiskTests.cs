using System.Security.Cryptography;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Qemu;

/// <summary>
/// Under Wine QEMU reaches disks over ports of this computer. A booted Linux reads disks created by other programs with the size that COM
/// reports and with their content, and what it writes is in the images.
/// </summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "The guest image is made of Debian packages.")]
internal sealed class GuestDiskTests
{
    private const int BeginningLength = 4 << 20;
    private const int EndLength = 128 << 10;

    /// <summary>The sector that the guest writes, and the letter that it fills it with.</summary>
    private const int WrittenSector = 100;

    private const char Letter = 'K';

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);

    [Test]
    public async Task A_guest_sees_other_programs_disks_as_large_as_COM_says_and_what_it_writes_is_kept()
    {
        ToolRequirement.Require(ExternalTool.Program("qemu-io", "qemu-utils"));
        using TestDirectory folder = new();
        ForeignDisk virtualPc = new(268_435_456) { Geometry = (520, 16, 63), Blocks = [0, 1, 127] };
        ForeignDisk virtualBox =
            new((16 << 20) + (64 << 10)) { Creator = "vbox", Geometry = (480, 4, 17), Blocks = [0, 8], IsOwn = sector => sector % 3 != 0 };
        ForeignDisk child = new(virtualBox.Size)
        {
            Parent = virtualBox,
            ParentName = "vbox.vhd",
            ParentPlaces = [("W2ru", @".\vbox.vhd")],
            Seed = 2,
            Geometry = virtualBox.Geometry,
            Blocks = [1, 8],
            IsOwn = sector => sector % 5 == 0,
        };
        ForeignDisk lone = new(8 << 20) { Creator = "tap\0", Geometry = (240, 4, 17), Blocks = [2], BlockSize = 512 << 10 };
        virtualPc.Write(folder.PathOf("vpc2007.vhd"));
        virtualBox.Write(folder.PathOf("vbox.vhd"));
        child.Write(folder.PathOf("child.vhd"));
        lone.Write(folder.PathOf("tap.vhd"));
        string[] images = [folder.PathOf("vpc2007.vhd"), folder.PathOf("child.vhd"), folder.PathOf("tap.vhd")];
        ForeignDisk[] disks = [virtualPc, child, lone];
        byte[] parentBefore = await File.ReadAllBytesAsync(folder.PathOf("vbox.vhd"));

        await using (BootedGuest guest = await BootedGuest.StartAsync((0, 0, images[0]), (0, 1, images[1]), (1, 1, images[2])))
        {
            Assert.That(guest.DiskSizes, Is.EqualTo(disks.Select(disk => $"{disk.Size}")));
            await guest.TalkAsync(BootedGuest.ReportPort);

            await TypeAsync(
                guest,
                // By position: Linux probes its disks in parallel, so their letters need not follow the positions.
                "(for p in ata1/*/*:0:0 ata1/*/*:0:1 ata2/*/*:0:1; do d=$(basename /sys/devices/pci0000:00/*/$p/*/block/sd?); s=$(cat "
                    + "/sys/block/$d/size); echo $s; "
                + $"dd if=/dev/$d bs=64k count={BeginningLength >> 16} 2>/dev/null | sha256sum; "
                + $"dd if=/dev/$d bs=512 skip=$((s-{EndLength / 512})) 2>/dev/null | sha256sum; "
                + $"tr '\\0' {Letter} </dev/zero | dd of=/dev/$d bs=512 count=1 seek={WrittenSector} conv=fsync 2>/dev/null; done; echo "
                    + "end) >/dev/ttyS1");
            await Wait.UntilAsync(() => Said(guest).Contains("end", StringComparison.Ordinal), "the guest's report", AnswerLimit);

            Assert.That(
                Said(guest).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                Is.EqualTo((string[])[.. disks.SelectMany(Describe), "end"]));
        }

        foreach (string image in images)
        {
            ProgramResult kept = await RunningProgram.RunAsync(
                "qemu-io", ["-r", "-f", "vpc", "-c", $"read -P {(int)Letter} {WrittenSector * 512} 512", image]);
            Assert.That(kept.Output, Does.Contain("read 512/512").And.Not.Contain("failed"), kept.ToString());
        }

        Assert.That(await File.ReadAllBytesAsync(folder.PathOf("vbox.vhd")), Is.EqualTo(parentBefore), "the parent");
    }

    /// <summary>What the guest has to say of a disk.</summary>
    private static IEnumerable<string> Describe(ForeignDisk disk) =>
    [
        $"{disk.Size / 512}",
        $"{Convert.ToHexStringLower(SHA256.HashData(disk.Expect(0, BeginningLength)))}  -",
        $"{Convert.ToHexStringLower(SHA256.HashData(disk.Expect(disk.Size - EndLength, EndLength)))}  -",
    ];

    private static async Task TypeAsync(BootedGuest guest, string line)
    {
        ProgramResult typed = await guest.Windows.RunAsync(
            Path.Combine(PublishedProducts.WindowsFolder, "vpcctl.exe"), ["type", "Windows XP Mode", line, "--enter"],
            limit: BootedGuest.ClientLimit);
        Assert.That(typed.ExitCode, Is.Zero, typed.ToString());
    }

    private static string Said(BootedGuest guest)
    {
        using FileStream file = new(guest.SecondLine, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader text = new(file);
        return text.ReadToEnd();
    }
}
