using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>
/// A minimal Debian of a test's own, in a folder, with namespaces of its own for mounts and processes: what a test installs and starts in
/// it is seen by nobody else and goes with it. It has root and one ordinary user.
/// </summary>
internal sealed class CleanDebian : IAsyncDisposable
{
    /// <summary>The ordinary user.</summary>
    public const string User = "somebody";

    private const string Root = "root";

    /// <summary>Unpacks it and keeps it until its input ends.</summary>
    private const string Hold = """
        tar --extract --file "$1" --directory "$2" && mount -t proc proc "$2/proc" && mount -t tmpfs -o mode=1777 none "$2/dev/shm" \
            && echo mounted && exec cat
        """;

    /// <summary>What changes with every installation: the books of the package tools, logs, and what belongs to users.</summary>
    private const string NotLookedAt = "/proc /sys /dev /var/lib/dpkg /var/lib/apt /var/cache /var/log /home";

    /// <summary>For work on packages, on a busy machine.</summary>
    private static readonly TimeSpan PackageLimit = TimeSpan.FromMinutes(2);

    private readonly TestDirectory folder;
    private readonly RunningProgram holder;

    private CleanDebian(TestDirectory folder, RunningProgram holder)
    {
        this.folder = folder;
        this.holder = holder;
    }

    /// <summary>Makes one. Where that is not possible, the running test is left out with the reason.</summary>
    public static async Task<CleanDebian> CreateAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Only root can install packages in a system of its own.");
        }

        string archive = Path.Combine(RepositoryPaths.Artifacts, "clean-debian", "root.tar");
        if (!File.Exists(archive))
        {
            ToolRequirement.Refuse($"There is no {archive}. Run ./build.sh clean-debian.");
        }

        TestDirectory folder = new();
        RunningProgram holder = RunningProgram.Start(new ProcessStartInfo(
            "unshare",
            ["--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "sh", "-c", Hold, "sh", archive, folder.FullPath]));
        CleanDebian debian = new(folder, holder);
        try
        {
            await holder.WaitForOutputAsync("mounted", PackageLimit);
        }
        catch (InvalidOperationException)
        {
            string reason = holder.Error;
            await debian.DisposeAsync();
            Assert.Ignore($"Nothing can be mounted in a namespace here: {reason}");
        }

        await debian.DoAsync("useradd", "--create-home", User);
        return debian;
    }

    /// <summary>Puts a file into it.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its path there.</returns>
    public string Add(string file)
    {
        string there = Path.Combine("srv", Path.GetFileName(file));
        File.Copy(file, folder.PathOf(there));
        return "/" + there;
    }

    /// <summary>The content of a text file in it.</summary>
    public string Read(string path) => File.ReadAllText(folder.PathOf(path.TrimStart('/')));

    /// <summary>Starts a command of the ordinary user, with the environment of a login.</summary>
    public RunningProgram Start(params IEnumerable<string> command) => RunningProgram.Start(StartInfo(User, command));

    /// <summary>Runs a command of the ordinary user.</summary>
    public async Task<ProgramResult> RunAsync(params IEnumerable<string> command)
    {
        await using RunningProgram running = Start(command);
        return await running.FinishAsync();
    }

    /// <summary>Runs a command of the ordinary user that must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> UseAsync(params IEnumerable<string> command)
    {
        ProgramResult result = await RunAsync(command);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result.Output;
    }

    /// <summary>Runs a command of root that must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> DoAsync(params IEnumerable<string> command)
    {
        await using RunningProgram running = RunningProgram.Start(StartInfo(Root, command));
        ProgramResult result = await running.FinishAsync(limit: PackageLimit);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result.Output;
    }

    /// <summary>All files and folders that packages may have left.</summary>
    public async Task<string[]> FilesAsync()
    {
        IEnumerable<string> without = NotLookedAt.Split(' ').SelectMany<string, string>(path => ["-path", path, "-o"]).SkipLast(1);
        string found = await DoAsync(["find", "/", "(", .. without, ")", "-prune", "-o", "-print"]);
        return found.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // With its first process the kernel ends all others in it, and the mounts go with the last.
            await holder.FinishAsync();
        }
        finally
        {
            await holder.DisposeAsync();
            folder.Dispose();
        }
    }

    private ProcessStartInfo StartInfo(string user, IEnumerable<string> command)
    {
        string namespaces = $"/proc/{holder.Id}/ns";
        return new ProcessStartInfo(
            "nsenter",
            [
                $"--mount={namespaces}/mnt", $"--pid={namespaces}/pid_for_children", "chroot", folder.FullPath,
                "setpriv", "--reuid", user, "--regid", user, "--init-groups", "--reset-env",
                "env", "DEBIAN_FRONTEND=noninteractive", .. command,
            ]);
    }
}
