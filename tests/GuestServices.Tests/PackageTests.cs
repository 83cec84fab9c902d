using System.IO.Compression;
using VpcComApi.TestSupport;

namespace VpcComApi.GuestServices.Tests;

/// <summary>
/// What <c>./build.sh packages</c> leaves: that it can be installed and removed completely, and that the programs in it run.
/// </summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "The packages are made on Debian.")]
internal sealed class PackageTests
{
    private static readonly string[] WindowsFiles = ["Install-GuestService.ps1", "LICENSE", "README.txt", "vmsrvc.exe"];
    private static readonly string[] DebianFiles =
    [
        "/etc/default/vmsrvc",
        "/lib/systemd/system/vmsrvc.service",
        "/usr/sbin/vmsrvc",
        "/usr/share/doc/vmsrvc/changelog.gz",
        "/usr/share/doc/vmsrvc/copyright",
        "/usr/share/man/man8/vmsrvc.8.gz",
    ];

    private static string GuestPackage => BuiltPackages.Find("vmsrvc_*_amd64.deb");

    private static string Disc => BuiltPackages.Find("*.iso");

    [Test]
    public async Task The_Debian_package_installs_an_enabled_service_and_its_purge_leaves_nothing()
    {
        using TestDirectory root = new();
        MakeDatabase(root);

        await DpkgAsync(root, "--install", GuestPackage);

        Assert.That(FilesIn(root), Is.SupersetOf(DebianFiles));
        Assert.That(
            new FileInfo(root.PathOf("etc/systemd/system/multi-user.target.wants/vmsrvc.service")).LinkTarget,
            Does.EndWith("vmsrvc.service"));
        string unit = await File.ReadAllTextAsync(root.PathOf("lib/systemd/system/vmsrvc.service"));
        Assert.That(unit, Does.Contain("ExecStart=/usr/sbin/vmsrvc run\n").And.Contain("EnvironmentFile=-/etc/default/vmsrvc\n"));
        Assert.That(
            await File.ReadAllTextAsync(root.PathOf("etc/default/vmsrvc")), Does.Contain("\nVMSRVC_BUS=device:org.vpccomapi.bus\n"));

        Directory.CreateDirectory(root.PathOf("var/lib/vmsrvc"));
        await File.WriteAllTextAsync(root.PathOf("var/lib/vmsrvc/parameters.json"), "{}");
        await DpkgAsync(root, "--remove", "vmsrvc");
        Assert.That(
            FilesIn(root),
            Does.Contain("/etc/default/vmsrvc").And.Contain("/var/lib/vmsrvc/parameters.json"),
            "a removal keeps what is the user's");

        await DpkgAsync(root, "--purge", "vmsrvc");
        Assert.That(FilesIn(root).Where(file => file.Contains("vmsrvc", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task The_Debian_packages_program_runs_by_itself()
    {
        using TestDirectory folder = new();
        ProgramResult unpacked = await RunningProgram.RunAsync("dpkg-deb", ["--extract", GuestPackage, folder.FullPath]);
        Assert.That(unpacked.ExitCode, Is.Zero, unpacked.ToString());

        ProgramResult version = await RunningProgram.RunAsync(folder.PathOf("usr/sbin/vmsrvc"), ["--version"]);

        Assert.That(version.ExitCode, Is.Zero, version.ToString());
        Assert.That(version.Output, Does.Match(@"^\d+\.\d+\.\d+"));
        const long Small = 16 * 1024 * 1024;
        Assert.That(new FileInfo(folder.PathOf("usr/sbin/vmsrvc")).Length, Is.LessThan(Small));
    }

    [Test]
    public async Task The_Windows_package_has_one_program_that_brings_its_runtime_along()
    {
        ToolRequirement.Require(ExternalTool.Wine);
        using TestDirectory folder = new();
        await ZipFile.ExtractToDirectoryAsync(BuiltPackages.Find("*-win-x64.zip"), folder.FullPath);
        Assert.That(
            Directory.EnumerateFiles(folder.FullPath).Select(Path.GetFileName).Order(StringComparer.Ordinal), Is.EqualTo(WindowsFiles));

        await using WineEnvironment windows = await WineEnvironment.CreateAsync();
        ProgramResult version = await windows.RunAsync(folder.PathOf("vmsrvc.exe"), ["--version"]);

        Assert.That(version.ExitCode, Is.Zero, version.ToString());
        Assert.That(version.Output, Does.Match(@"^\d+\.\d+\.\d+"));
    }

    [Test]
    public async Task The_disc_has_both_packages_under_their_long_names_for_Linux_and_for_Windows(
        [Values("norock", "nojoliet")] string names)
    {
        ToolRequirement.Require(ExternalTool.Program("xorriso", "xorriso"));
        using TestDirectory folder = new();
        string deb = Path.GetFileName(GuestPackage);

        ProgramResult extracted = await RunningProgram.RunAsync(
            "xorriso", ["-read_fs", names, "-osirrox", "on", "-indev", Disc, "-extract", "/", folder.PathOf("disc")]);

        Assert.That(extracted.ExitCode, Is.Zero, extracted.ToString());
        Assert.That(
            await File.ReadAllBytesAsync(folder.PathOf("disc", deb)), Is.EqualTo(await File.ReadAllBytesAsync(GuestPackage)));
        Assert.That(
            Directory.EnumerateFiles(folder.PathOf("disc", "Windows")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Is.EqualTo(["Install-GuestService.ps1", "README.txt", "vmsrvc.exe"]));
        Assert.That(folder.PathOf("disc", "README.txt"), Does.Exist);
    }

    /// <summary>The files that dpkg needs in a root of its own.</summary>
    private static void MakeDatabase(TestDirectory root)
    {
        foreach (string name in (string[])["info", "updates", "triggers"])
        {
            Directory.CreateDirectory(root.PathOf("var/lib/dpkg/" + name));
        }

        File.WriteAllText(root.PathOf("var/lib/dpkg/status"), "");
    }

    /// <summary>Runs dpkg on a root that is no system: it has no libc6, and the package's scripts run outside of it.</summary>
    private static async Task DpkgAsync(TestDirectory root, string action, string what)
    {
        ProgramResult result = await RunningProgram.RunAsync(
            "dpkg",
            [
                "--root=" + root.FullPath, "--force-script-chrootless", "--force-not-root", "--force-depends", "--force-bad-path",
                "--log=/dev/null",
                action, what,
            ]);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    private static IEnumerable<string> FilesIn(TestDirectory root) =>
        Directory.EnumerateFileSystemEntries(root.FullPath, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(root.PathOf("var/lib/dpkg"), StringComparison.Ordinal))
            .Select(path => path[root.FullPath.Length..]);
}
