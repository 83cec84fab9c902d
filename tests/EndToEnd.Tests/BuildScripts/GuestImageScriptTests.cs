using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.BuildScripts;

/// <summary>How build/guest-image.sh handles the packages of different releases of Debian, tested with packages of a few bytes.</summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "The guest image is made of Debian's packages.")]
internal sealed class GuestImageScriptTests
{
    private const string MakeRoot = """
        merge_into_usr "$1/packages"
        make_guest_root "$1/packages" "$1/root" "$1/vmsrvc"
        """;

    private TestDirectory folder = null!;
    private string[] drivers = null!;

    [SetUp]
    public async Task Read_the_list_of_drivers()
    {
        folder = new TestDirectory();
        folder.WriteText("vmsrvc", "the guest service");
        ProgramResult list = await BuildScript.RunAsync("echo $GUEST_DRIVERS", []);
        drivers = list.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    [TearDown]
    public void Delete_all() => folder.Dispose();

    [TestCase("", ".ko", TestName = "{m}(Debian 12: below the root, modules as they are)")]
    [TestCase("usr/", ".ko.xz", TestName = "{m}(Debian 13: below usr, modules compressed)")]
    public async Task The_guest_gets_its_programs_and_every_driver_from_the_packages_of_each_release(string prefix, string extension)
    {
        WritePrograms(prefix);
        await WriteModulesAsync(prefix, extension, drivers);

        ProgramResult result = await BuildScript.RunAsync(MakeRoot, [folder.FullPath]);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(File.ReadAllLines(folder.PathOf("root", "lib", "drivers")), Is.EqualTo(drivers), "They are loaded in this order.");
        Assert.That(
            drivers.Select(driver => File.ReadAllText(folder.PathOf("root", "lib", "modules", $"{driver}.ko"))), Is.EqualTo(drivers));
        Assert.That(new FileInfo(folder.PathOf("root", "bin", "ls")).LinkTarget, Is.EqualTo("/bin/busybox"));
        Assert.That(File.Exists(folder.PathOf("root", "usr", "sbin", "dmidecode")), Is.True);
    }

    [Test]
    public async Task A_driver_that_the_kernel_has_not_is_an_error_that_names_it()
    {
        WritePrograms("usr/");
        await WriteModulesAsync("usr/", ".ko.xz", drivers.Except(["virtio_blk", "button"]));
        WriteBuiltIn("kernel/drivers/acpi/battery.ko\n");

        ProgramResult result = await BuildScript.RunAsync(MakeRoot, [folder.FullPath]);

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain("button virtio_blk"));
    }

    [Test]
    public async Task A_driver_that_is_built_into_the_kernel_need_not_be_loaded()
    {
        WritePrograms("usr/");
        await WriteModulesAsync("usr/", ".ko.xz", drivers.Except(["virtio_blk", "button"]));
        WriteBuiltIn("kernel/drivers/block/virtio_blk.ko\nkernel/drivers/acpi/button.ko\n");

        ProgramResult result = await BuildScript.RunAsync(MakeRoot, [folder.FullPath]);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(File.ReadAllLines(folder.PathOf("root", "lib", "drivers")), Is.EqualTo(drivers.Except(["virtio_blk", "button"])));
    }

    [TestCase("boot/vmlinuz-6.12.1-cloud-amd64")]
    [TestCase("usr/lib/modules/7.2.12-cloud-amd64/vmlinuz")]
    public async Task The_kernel_is_found_where_each_release_has_it(string path)
    {
        folder.WriteText($"packages/{path}", "a kernel");

        ProgramResult result = await BuildScript.RunAsync("guest_kernel \"$1/packages\"", [folder.FullPath]);

        Assert.That(result.Output.TrimEnd(), Is.EqualTo(folder.PathOf("packages", path)), result.ToString());
    }

    [Test]
    public async Task A_guest_image_that_cannot_be_made_skips_its_tests_and_ends_nothing()
    {
        const string Script = """
            GUEST_IMAGE_STEPS="$1"
            guest_image() {
              false
              echo "went on after an error" >>"$GUEST_IMAGE_STEPS"
            }
            cd "$2"
            guest_image_or_none
            echo "tests run, VPCCOMAPI_ALLOW_SKIP=$VPCCOMAPI_ALLOW_SKIP, without: $LEFT_OUT"
            """;

        ProgramResult result = await BuildScript.RunAsync(Script, [folder.PathOf("steps"), folder.FullPath]);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output.TrimEnd(), Is.EqualTo("tests run, VPCCOMAPI_ALLOW_SKIP=1, without: the-guest-image"));
        Assert.That(result.Error, Does.Contain("no guest image"));
        Assert.That(File.Exists(folder.PathOf("steps")), Is.False);
    }

    private void WritePrograms(string prefix)
    {
        BuildScript.WriteProgram(folder, $"packages/{prefix}bin/busybox", "echo bin/ls; echo usr/bin/awk");
        BuildScript.WriteProgram(folder, "packages/usr/sbin/dmidecode", "true");
    }

    private async Task WriteModulesAsync(string prefix, string extension, IEnumerable<string> names)
    {
        string modules = $"packages/{prefix}lib/modules/6.12.1-cloud-amd64/kernel";
        foreach (string name in names)
        {
            folder.WriteText($"{modules}/{name}.ko", name);
        }

        if (extension == ".ko.xz")
        {
            ToolRequirement.Require(ExternalTool.Program("xz", "xz-utils"));
            ProgramResult packed = await BuildScript.RunAsync("xz \"$1\"/*.ko", [folder.PathOf(modules)]);
            Assert.That(packed.ExitCode, Is.Zero, packed.ToString());
        }
    }

    private void WriteBuiltIn(string list) => folder.WriteText("packages/usr/lib/modules/6.12.1-cloud-amd64/modules.builtin", list);
}
