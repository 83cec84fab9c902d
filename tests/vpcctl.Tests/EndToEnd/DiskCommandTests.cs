using System.Globalization;
using System.Text.Json;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>The built program on real images, which qemu-img makes and reads as well.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DiskCommandTests : IAsyncDisposable
{
    private readonly VpcctlEnvironment vpcctl = new();
    private readonly TestDirectory folder = new();

    [SetUp]
    public void Require_qemu_img() => ToolRequirement.Require(ExternalTool.Program("qemu-img", "qemu-utils"));

    public async ValueTask DisposeAsync()
    {
        await vpcctl.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task Images_are_made_converted_and_compacted_and_qemu_img_reads_them()
    {
        string dynamic = folder.PathOf("dynamic.vhd");
        string isFixed = folder.PathOf("fixed.vhd");
        string back = folder.PathOf("back.vhd");
        Assert.That((await vpcctl.DoAsync("disk", "create", dynamic, "--size", "16M")).Output, Does.StartWith($"{dynamic} is made: "));
        Write(dynamic, 5 << 20, 7);
        Write(dynamic, 9 << 20, 0);

        await vpcctl.DoAsync("disk", "convert", dynamic, isFixed);
        await vpcctl.DoAsync("disk", "convert", isFixed, back);
        await vpcctl.DoAsync("disk", "compact", dynamic);

        Assert.That(await KindAsync(isFixed), Is.EqualTo("Fixed"));
        Assert.That(await KindAsync(back), Is.EqualTo("Dynamic"));
        foreach (string image in new[] { isFixed, back })
        {
            await QemuAsync("compare", "-f", "vpc", "-F", "vpc", dynamic, image);
        }

        JsonElement compacted = await InfoAsync(dynamic);
        Assert.That(compacted.GetProperty("usedBlocks").GetInt32(), Is.EqualTo(1));
        Assert.That(compacted.GetProperty("sizeInGuest").GetInt64(), Is.EqualTo(16L << 20));
        Assert.That(vpcctl.HostProcess, Is.Null, "images need no machine");
        Assert.That(File.Exists(Path.Combine(vpcctl.DataFolder, "Registrations.txt")), Is.False);
        Assert.That(Directory.GetFiles(vpcctl.DataFolder, "*.vmc", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task An_image_that_qemu_img_made_is_shown_and_converted()
    {
        string raw = folder.PathOf("content.raw");
        string theirs = folder.PathOf("qemu.vhd");
        string ours = folder.PathOf("ours.vhd");
        byte[] content = new byte[8 << 20];
        new Random(5).NextBytes(content.AsSpan(1 << 20, 3 << 20));
        File.WriteAllBytes(raw, content);
        await QemuAsync("convert", "-f", "raw", "-O", "vpc", "-o", "subformat=dynamic,force_size=on", raw, theirs);

        string shown = (await vpcctl.DoAsync("disk", "info", theirs)).Output;
        await vpcctl.DoAsync("disk", "convert", theirs, ours, "--fixed");

        Assert.That(
            shown,
            Does.Contain("dynamic hard disk").And.Contain("8.0 MiB (8,388,608 bytes)").And.Contain("\"qem2\"").And.Not.Contain("Problem"));
        Assert.That(File.ReadAllBytes(ours).AsSpan(0, content.Length).SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task A_chain_is_made_shown_merged_and_mended()
    {
        string bottom = folder.PathOf("bottom.vhd");
        string top = folder.PathOf("top.vhd");
        string merged = folder.PathOf("merged.vhd");
        await vpcctl.DoAsync("disk", "create", bottom, "--size", "4M", "--fixed");
        await vpcctl.DoAsync("disk", "create", top, "--parent", bottom);
        Write(top, 0, 9);

        Assert.That(Parents(await InfoAsync(top)), Is.EqualTo([(bottom, "Unchanged")]));
        await vpcctl.DoAsync("disk", "merge", top, "--to", merged);
        string moved = folder.PathOf("moved.vhd");
        File.Move(bottom, moved);
        Assert.That(Parents(await InfoAsync(top)), Is.EqualTo([(bottom, "NotFound")]));
        ProgramResult lost = await vpcctl.RunAsync("disk", "merge", top);
        Assert.That(lost.ExitCode, Is.EqualTo((int)ExitCode.Failed));
        Assert.That(lost.Error, Does.Contain($"vpcctl disk repair-parent {top} PARENT"));

        await vpcctl.DoAsync("disk", "repair-parent", top, moved);
        File.SetLastWriteTimeUtc(moved, DateTime.UtcNow.AddHours(1));
        Assert.That(Parents(await InfoAsync(top)), Is.EqualTo([(moved, "Modified")]));
        await vpcctl.DoAsync("disk", "repair-parent", top, moved);
        Assert.That(Parents(await InfoAsync(top)), Is.EqualTo([(moved, "Unchanged")]));
        Assert.That((await vpcctl.DoAsync("disk", "merge", top)).Output, Does.Contain(moved));

        await QemuAsync("compare", "-f", "vpc", "-F", "vpc", moved, merged);
        Assert.That(FirstByte(moved), Is.EqualTo(9));
    }

    [Test]
    public async Task A_floppy_disk_is_made_by_its_name()
    {
        string floppy = folder.PathOf("floppy.vfd");

        await vpcctl.DoAsync("disk", "create", floppy, "--size", "720K");

        Assert.That(new FileInfo(floppy).Length, Is.EqualTo(720 << 10));
        Assert.That(await KindAsync(floppy), Is.EqualTo("Floppy"));
    }

    [Test]
    public async Task Ctrl_C_ends_the_making_of_an_image_and_leaves_nothing_of_it()
    {
        string disk = folder.PathOf("large.vhd");
        await using RunningProgram create = vpcctl.Start("disk", "create", disk, "--size", "8G", "--fixed");
        await Wait.UntilAsync(() => File.Exists(disk + ".new") || create.HasExited, "the image to be begun");

        await VpcctlEnvironment.SignalAsync(create.Id, "INT");

        ProgramResult result = await create.FinishAsync();
        Assert.That(result.ExitCode, Is.EqualTo((int)ExitCode.Interrupted), result.ToString());
        Assert.That(result.Error, Does.Contain($"Creating {disk} was cancelled."));
        Assert.That(Directory.EnumerateFiles(folder.FullPath), Is.Empty);
    }

    [Test]
    public async Task A_disk_of_a_running_or_a_saved_machine_is_not_changed()
    {
        string disk = folder.PathOf("disk.vhd");
        await vpcctl.DoAsync("disk", "create", disk, "--size", "4M");
        await vpcctl.DoAsync("create", "Owner", "--provider", "emulated", "--disk", disk);
        await vpcctl.DoAsync("start", "Owner");

        ProgramResult running = await vpcctl.RunAsync("disk", "compact", disk);
        await vpcctl.DoAsync("save", "Owner");
        ProgramResult saved = await vpcctl.RunAsync("disk", "compact", disk);
        await vpcctl.DoAsync("discard", "Owner");
        await vpcctl.DoAsync("disk", "compact", disk);

        Assert.That(running.ExitCode, Is.EqualTo((int)ExitCode.Failed));
        Assert.That(running.Error, Does.Contain("is in use by a machine"));
        Assert.That(saved.ExitCode, Is.EqualTo((int)ExitCode.Failed));
        Assert.That(saved.Error, Does.Contain("Try: vpcctl discard Owner"));
    }

    [Test]
    public async Task A_damaged_saved_state_is_reported_with_the_command_that_discards_it()
    {
        await vpcctl.DoAsync("start", VpcctlEnvironment.Machine);
        await vpcctl.DoAsync("save", VpcctlEnvironment.Machine);
        string state = Directory.EnumerateFiles(vpcctl.DataFolder, "*.vsv", SearchOption.AllDirectories).Single();
        File.WriteAllBytes(state, [1, 2, 3]);

        ProgramResult start = await vpcctl.RunAsync("start", VpcctlEnvironment.Machine);
        Assert.That(start.ExitCode, Is.EqualTo((int)ExitCode.Failed));
        Assert.That(start.Error, Does.Contain("Try: vpcctl discard \"Windows XP Mode\""));

        await vpcctl.DoAsync("discard", VpcctlEnvironment.Machine);
        await vpcctl.DoAsync("start", VpcctlEnvironment.Machine);
        await vpcctl.DoAsync("stop", VpcctlEnvironment.Machine);
    }

    [Test]
    public async Task A_machine_whose_disk_s_parent_has_changed_starts_when_that_is_accepted()
    {
        string parent = folder.PathOf("parent.vhd");
        string disk = folder.PathOf("disk.vhd");
        await vpcctl.DoAsync("disk", "create", parent, "--size", "4M");
        await vpcctl.DoAsync("disk", "create", disk, "--parent", parent);
        await vpcctl.DoAsync("create", "Child", "--provider", "emulated", "--disk", disk);
        File.SetLastWriteTimeUtc(parent, DateTime.UtcNow.AddHours(1));

        ProgramResult refused = await vpcctl.RunAsync("start", "Child");
        Assert.That(refused.Error, Does.Contain("Try: vpcctl start Child --trust-parent"));

        await vpcctl.DoAsync("start", "Child", "--trust-parent");
        await vpcctl.DoAsync("stop", "Child");
        await vpcctl.DoAsync("start", "Child");
        await vpcctl.DoAsync("stop", "Child");
    }

    [Test]
    public async Task A_machine_that_was_unregistered_is_registered_again()
    {
        string file = JsonDocument.Parse((await vpcctl.DoAsync("state", VpcctlEnvironment.Machine, "--json")).Output)
            .RootElement.GetProperty("file").GetString()!;
        await vpcctl.DoAsync("remove", VpcctlEnvironment.Machine, "--keep-files");

        ProgramResult create = await vpcctl.RunAsync("create", VpcctlEnvironment.Machine);
        Assert.That(create.Error, Does.Contain($"Try: vpcctl register \"{file}\""));

        await vpcctl.DoAsync("register", file);
        await vpcctl.DoAsync("state", VpcctlEnvironment.Machine);
    }

    [TestCase("disk info {0}/none.vhd", "none.vhd")]
    [TestCase("disk info {0}", "is a folder")]
    [TestCase("disk info {0}/pipe", "is no virtual hard disk")]
    [TestCase("disk info {0}/raw.img", "is no virtual hard disk")]
    [TestCase("disk info {0}/cut.vhd", "is damaged")]
    [TestCase("disk convert {0}/raw.img {0}/new.vhd", "is no virtual hard disk")]
    [TestCase("disk convert {0}/good.vhd {0}/new.img", "does not end in .vhd")]
    [TestCase("disk convert {0}/good.vhd {0}/good.vhd", "There is a file")]
    [TestCase("disk compact {0}", "is a folder")]
    [TestCase("disk compact {0}/pipe", "is no virtual hard disk")]
    [TestCase("disk merge {0}/good.vhd", "only a differencing disk can")]
    [TestCase("disk repair-parent {0}/good.vhd {0}/child.vhd", "cannot be its parent")]
    [TestCase("disk repair-parent {0}/child.vhd {0}/other.vhd", "is not the image that")]
    [TestCase("disk create {0}/good.vhd --size 4M", "There is a file")]
    [TestCase("disk create {0}/new.vhd --size 2M", "cannot have 2 MB")]
    [TestCase("disk create {0}/new.vhd --parent {0}/none.vhd", "There is no file")]
    public async Task What_cannot_be_done_is_refused_in_one_line_and_changes_nothing(string line, string text)
    {
        await MakeFilesAsync();
        string[] before = [.. Directory.EnumerateFiles(folder.FullPath).Order()];

        ProgramResult result = await vpcctl.RunAsync(string.Format(CultureInfo.InvariantCulture, line, folder.FullPath).Split(' '));

        Assert.That(result.ExitCode, Is.EqualTo((int)ExitCode.Failed), result.ToString());
        Assert.That(result.Error.TrimEnd('\n'), Does.Contain(text).And.Not.Contain("\n"));
        Assert.That(Directory.EnumerateFiles(folder.FullPath).Order(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_full_volume_is_reported_and_leaves_no_partial_image()
    {
        await using SmallVolume volume = await SmallVolume.CreateAsync(16);
        string disk = Path.Combine(volume.Folder, "disk.vhd");

        ProgramResult tooLarge = await vpcctl.RunAsync("disk", "create", disk, "--size", "32M", "--fixed");

        Assert.That(tooLarge.ExitCode, Is.EqualTo((int)ExitCode.Failed));
        Assert.That(tooLarge.Error, Does.Contain("32 MB").And.Contain("Make room"));
        Assert.That(Directory.EnumerateFiles(volume.Folder), Is.Empty);
    }

    private async Task MakeFilesAsync()
    {
        DiskCreation.CreateFixed(folder.PathOf("good.vhd"), 4 << 20);
        DiskCreation.CreateDynamic(folder.PathOf("other.vhd"), 4 << 20);
        DiskCreation.CreateDifferencing(folder.PathOf("child.vhd"), folder.PathOf("good.vhd"));
        File.WriteAllBytes(folder.PathOf("raw.img"), new byte[1 << 20]);
        byte[] whole = File.ReadAllBytes(folder.PathOf("other.vhd"));
        File.WriteAllBytes(folder.PathOf("cut.vhd"), whole[..1024]);
        await RunningProgram.RunAsync("mkfifo", [folder.PathOf("pipe")]);
    }

    private async Task<JsonElement> InfoAsync(string path) =>
        JsonDocument.Parse((await vpcctl.DoAsync("disk", "info", path, "--json")).Output).RootElement.EnumerateArray().Single();

    private async Task<string?> KindAsync(string path) => (await InfoAsync(path)).GetProperty("kind").GetString();

    private static IEnumerable<(string?, string?)> Parents(JsonElement disk) => disk.GetProperty("parents").EnumerateArray()
        .Select(parent => (parent.GetProperty("file").GetString(), parent.GetProperty("state").GetString()));

    private static async Task QemuAsync(params string[] arguments)
    {
        ProgramResult result = await RunningProgram.RunAsync("qemu-img", arguments);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    private static void Write(string path, long offset, byte value)
    {
        byte[] data = new byte[4096];
        data.AsSpan().Fill(value);
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
        disk.Write(offset, data);
        disk.Flush();
    }

    private static byte FirstByte(string path)
    {
        byte[] data = new byte[512];
        using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.Read);
        disk.Read(0, data);
        return data[0];
    }
}
