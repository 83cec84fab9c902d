using System.Globalization;
using System.IO.Compression;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>The Debian package of the host's programs, as <c>./build.sh packages</c> leaves it.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed class HostPackageTests
{
    private const string Machine = VpcctlEnvironment.Machine;
    private const string Name = "vpccomapi";
    private const string GuestPackage = "vmsrvc_*_amd64.deb";
    private const string Disc = "/usr/lib/vpccomapi/Integration Components/vmsrvc-";

    /// <summary>Opens the pipe of a channel, sends a line, and prints what comes back.</summary>
    private const string TalkScript = """
        use Socket;
        socket(my $pipe, PF_UNIX, SOCK_STREAM, 0) or die "$!\n";
        connect($pipe, pack_sockaddr_un("/tmp/CoreFxPipe_$ARGV[0]")) or die "$!\n";
        syswrite($pipe, "Hello\n");
        print scalar <$pipe>;
        """;

    /// <summary>Completes the word that is typed last.</summary>
    private const string CompleteScript = """
        source /usr/share/bash-completion/completions/vpcctl
        complete -p vpcctl
        COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _vpcctl
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    private static readonly string[] Files =
    [
        "/usr/bin/vpcctl",
        "/usr/lib/vpccomapi/vmsrvc",
        "/usr/lib/vpccomapi/vpcctl",
        "/usr/share/bash-completion/completions/vpcctl",
        "/usr/share/doc/vpccomapi/changelog.gz",
        "/usr/share/doc/vpccomapi/copyright",
        "/usr/share/doc/vpccomapi/dotnet-third-party-notices.txt.gz",
        "/usr/share/man/man1/vpcctl.1.gz",
        "/usr/share/man/man8/vmsrvc.8vpccomapi.gz",
        "/usr/share/zsh/vendor-completions/_vpcctl",
    ];

    private static string HostPackage => BuiltPackages.Find("vpccomapi_*_amd64.deb");

    private static string Version => Path.GetFileName(HostPackage).Split('_')[1];

    [Test]
    public async Task An_ordinary_user_runs_a_machine_of_the_installed_package_and_a_purge_leaves_nothing()
    {
        await using CleanDebian debian = await CleanDebian.CreateAsync();
        await using EchoServer server = new();
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        string package = debian.Add(HostPackage);
        string[] before = await debian.FilesAsync();

        await InstallAsync(debian, package);

        Assert.That(await debian.FilesAsync(), Is.SupersetOf([.. Files, $"{Disc}{Version}.iso"]));
        Assert.That(await debian.DoAsync("dpkg", "--verify", Name), Is.Empty);
        await UseInForegroundAsync(debian, port);
        await UseInBackgroundAsync(debian, port);
        string[] completed = (await debian.UseAsync("bash", "-c", CompleteScript, "bash", "vpcctl", "screens")).Split('\n');
        Assert.That(completed, Is.EqualTo(["complete -F _vpcctl vpcctl", "screenshot", ""]));
        completed = (await debian.UseAsync("bash", "-c", CompleteScript, "bash", "vpcctl", "state", "Win")).Split('\n');
        Assert.That(completed, Has.Member(@"Windows\ XP\ Mode"), "machines are completed too");

        await debian.DoAsync("apt-get", "--yes", "--auto-remove", "purge", Name);

        Assert.That(await debian.FilesAsync(), Is.EquivalentTo(before));
        Assert.That(
            await debian.UseAsync("ls", $"/home/{CleanDebian.User}/.local/share/Microsoft/Windows Virtual PC"),
            Does.Contain("Registrations.txt"),
            "what is a user's stays");
    }

    [Test]
    public async Task An_upgrade_replaces_the_disc_and_leaves_a_running_machine_alone_also_beside_the_guest_s_package()
    {
        await using CleanDebian debian = await CleanDebian.CreateAsync();
        using TestDirectory folder = new();
        await InstallAsync(debian, debian.Add(await MakeOlderPackageAsync(folder)));
        Assert.That(await InstalledVersionAsync(debian), Is.EqualTo("0.9.0"));
        await debian.UseAsync("vpcctl", "start", Machine);

        await InstallAsync(debian, debian.Add(HostPackage), debian.Add(BuiltPackages.Find(GuestPackage)));

        Assert.That(await InstalledVersionAsync(debian), Is.EqualTo(Version));
        string[] files = await debian.FilesAsync();
        Assert.That(files.Where(file => file.StartsWith(Disc, StringComparison.Ordinal)), Is.EqualTo([$"{Disc}{Version}.iso"]));
        Assert.That(files, Is.SupersetOf([.. Files, "/usr/sbin/vmsrvc", "/usr/share/man/man8/vmsrvc.8.gz"]));
        Assert.That(await debian.UseAsync("vpcctl", "state", Machine, "--json"), Does.Contain("\"ready\": true"));
        await debian.UseAsync("vpcctl", "stop", Machine);
        await debian.UseAsync("vpcctl", "start", Machine);
        await debian.UseAsync("vpcctl", "stop", Machine, "--shutdown");
    }

    [Test]
    public async Task The_package_is_root_s_and_has_no_scripts_and_its_files_can_be_read_by_all()
    {
        ProgramResult contents = await RunningProgram.RunAsync("dpkg-deb", ["--contents", HostPackage]);
        ProgramResult information = await RunningProgram.RunAsync("dpkg-deb", ["--info", HostPackage]);

        // Rights and owner begin each line.
        Assert.That(
            contents.OutputLines.Select(line => string.Join(' ', line.Split(' ').Take(2))).Distinct(),
            Is.EquivalentTo(["drwxr-xr-x root/root", "-rwxr-xr-x root/root", "-rw-r--r-- root/root", "lrwxrwxrwx root/root"]));
        Assert.That(
            contents.OutputLines.Where(line => line.StartsWith("-rwx", StringComparison.Ordinal)).Select(line => line.Split('/')[^1]),
            Is.EquivalentTo(["vmsrvc", "vpcctl"]));
        Assert.That(contents.Output, Does.Contain("./usr/bin/vpcctl -> ../lib/vpccomapi/vpcctl\n"));
        Assert.That(information.Output, Does.Match(@" Depends: libc6 \(>= [0-9.]+\), libssl3\n").And.Not.Contain("#!"));
    }

    [Test]
    public async Task The_manual_pages_have_no_faults()
    {
        ToolRequirement.Require(ExternalTool.Program("mandoc", "mandoc"), ExternalTool.Program("groff", "groff-base"));
        using TestDirectory folder = new();
        await UnpackAsync(HostPackage, folder.PathOf("host"));
        await UnpackAsync(BuiltPackages.Find(GuestPackage), folder.PathOf("guest"));
        string[] pages = Directory.GetFiles(folder.FullPath, "v*.gz", SearchOption.AllDirectories);
        Assert.That(
            pages.Select(Path.GetFileName), Is.EquivalentTo(["vpcctl.1.gz", "vmsrvc.8vpccomapi.gz", "vmsrvc.8.gz"]));

        foreach (string page in pages)
        {
            string source = Path.ChangeExtension(page, null);
            await using (GZipStream packed = new(File.OpenRead(page), CompressionMode.Decompress))
            {
                await using FileStream unpacked = File.Create(source);
                await packed.CopyToAsync(unpacked);
            }

            ProgramResult lint = await RunningProgram.RunAsync("mandoc", ["-T", "lint", source]);
            ProgramResult formatted = await RunningProgram.RunAsync("groff", ["-man", "-Tutf8", "-ww", "-z", source]);
            Assert.That(lint.Output + lint.Error + formatted.Output + formatted.Error, Is.Empty, page);
        }
    }

    private static Task<string> InstallAsync(CleanDebian debian, params string[] packages) =>
        debian.DoAsync(["apt-get", "--yes", "install", .. packages]);

    private static Task<string> InstalledVersionAsync(CleanDebian debian) =>
        debian.DoAsync("dpkg-query", "--show", "--showformat=${Version}", Name);

    private static async Task UseInForegroundAsync(CleanDebian debian, string port)
    {
        await using RunningProgram up = debian.Start(
            "sh", "-c", """echo "process $$."; exec vpcctl "$@" """, "sh", "up", Machine, "--channel", "first:" + port);
        await up.WaitForOutputAsync("is ready. Ctrl-C ends it.");

        Assert.That(await debian.UseAsync("vpcctl", "list", "--json"), Does.Contain("\"state\": \"Running\""));
        Assert.That(await debian.UseAsync("vpcctl", "state", Machine, "--json"), Does.Contain("\"ready\": true"));
        Assert.That(await debian.UseAsync("perl", "-e", TalkScript, "first"), Is.EqualTo("Hello\n"));
        await debian.UseAsync("bash", "-c", "kill -INT \"$1\"", "bash", up.Output.Split('.')[0]["process ".Length..]);

        ProgramResult result = await up.FinishAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.EndWith($"\"{Machine}\" is off.\n"));
    }

    private static async Task UseInBackgroundAsync(CleanDebian debian, string port)
    {
        await debian.UseAsync("vpcctl", "start", Machine);
        await debian.UseAsync("vpcctl", "channel", Machine, "--pipe", "second", "--port", port);
        Assert.That(await debian.UseAsync("perl", "-e", TalkScript, "second"), Is.EqualTo("Hello\n"));
        await debian.UseAsync("vpcctl", "stop", Machine, "--shutdown");
        Assert.That(await debian.UseAsync("vpcctl", "list", "--json"), Does.Contain("\"state\": \"TurnedOff\""));
    }

    /// <summary>The package as an earlier version would have been.</summary>
    private static async Task<string> MakeOlderPackageAsync(TestDirectory folder)
    {
        string root = folder.PathOf("older");
        ProgramResult unpacked = await RunningProgram.RunAsync("dpkg-deb", ["--raw-extract", HostPackage, root]);
        Assert.That(unpacked.ExitCode, Is.Zero, unpacked.ToString());
        string control = Path.Combine(root, "DEBIAN", "control");
        await File.WriteAllTextAsync(
            control,
            (await File.ReadAllTextAsync(control)).Replace($"\nVersion: {Version}\n", "\nVersion: 0.9.0\n", StringComparison.Ordinal));
        File.Move($"{root}{Disc}{Version}.iso", $"{root}{Disc}0.9.0.iso");

        string package = folder.PathOf("vpccomapi_0.9.0_amd64.deb");
        ProgramResult packed = await RunningProgram.RunAsync("dpkg-deb", ["--build", "--root-owner-group", "-Znone", root, package]);
        Assert.That(packed.ExitCode, Is.Zero, packed.ToString());
        return package;
    }

    private static async Task UnpackAsync(string package, string folder)
    {
        ProgramResult unpacked = await RunningProgram.RunAsync("dpkg-deb", ["--extract", package, folder]);
        Assert.That(unpacked.ExitCode, Is.Zero, unpacked.ToString());
    }
}
