using VpcComApi.EndToEnd.Tests.Cpp;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Qemu;

/// <summary>
/// The small Linux guest of <c>./build.sh guest-image</c> behind the COM server: a Windows of its own, in which the first machine, "Windows
/// XP Mode", is a QEMU machine that boots it. The clients need no change for that. Nothing of it is left after <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class BootedGuest : IAsyncDisposable
{
    /// <summary>The guest's port whose program shows and stores what it receives.</summary>
    public const int RecordingPort = 6174;

    /// <summary>The guest's port whose program answers each line with one on the guest itself.</summary>
    public const int ReportPort = 6175;

    /// <summary>QEMU's name in command lines.</summary>
    private const string Qemu = "qemu-system";

    /// <summary>An emulated processor on a busy computer takes its time.</summary>
    private static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(2);

    private readonly TestDirectory folder;

    private BootedGuest(WineEnvironment windows, TestDirectory folder, IReadOnlyList<string> shown)
    {
        Windows = windows;
        this.folder = folder;
        AssetTag = shown[^2];
        DiskSizes = [.. shown.Take(shown.Count - 2)];
    }

    /// <summary>Where clients run.</summary>
    public WineEnvironment Windows { get; }

    /// <summary>The machine's chassis asset tag, read through COM.</summary>
    public string AssetTag { get; }

    /// <summary>The sizes of its disks, read through COM (SizeInGuest), in the order in which they were added.</summary>
    public IReadOnlyList<string> DiskSizes { get; }

    /// <summary>The text file that gets what the guest sends over COM2.</summary>
    public string SecondLine => SecondLineIn(folder);

    /// <summary>How long a client may take.</summary>
    public static TimeSpan ClientLimit => BootLimit;

    /// <summary>The numbers of this Windows' QEMU processes and of the shells that hold them.</summary>
    public IReadOnlyList<int> Processes => Windows.ProcessesOf(Qemu);

    /// <summary>Registers the server, makes its first machine one of QEMU, starts it and waits until it runs.</summary>
    /// <param name="disks">Its hard disks: IDE bus, position on it, and the image's full path.</param>
    public static async Task<BootedGuest> StartAsync(params IReadOnlyList<(int Bus, int Device, string Image)> disks)
    {
        ToolRequirement.Require(ExternalTool.Wine, ExternalTool.Program("qemu-system-x86_64", "qemu-system-x86"));
        string folder = Path.Combine(RepositoryPaths.Artifacts, "guest-image");
        string kernel = Path.Combine(folder, "kernel");
        string initialRamDisk = Path.Combine(folder, "initrd");
        if (!File.Exists(kernel) || !File.Exists(initialRamDisk))
        {
            ToolRequirement.Refuse("The guest image is missing. Run ./build.sh guest-image.");
        }

        WineEnvironment windows = await WineEnvironment.CreateAsync();
        TestDirectory lines = new();
        try
        {
            ProgramResult registration = await windows.RunAsync(PublishedProducts.ComServer, ["/RegServer"]);
            Assert.That(registration.ExitCode, Is.Zero, registration.ToString());
            string script = Path.Combine(AppContext.BaseDirectory, "Qemu", "boot.vbs");
            ProgramResult booted = await windows.RunAsync(
                "cscript",
                [
                    "//nologo",
                    windows.ToWindowsPath(script),
                    windows.ToWindowsPath(kernel),
                    windows.ToWindowsPath(initialRamDisk),
                    windows.ToWindowsPath(SecondLineIn(lines)),
                    .. disks.SelectMany(disk => (string[])[$"{disk.Bus}", $"{disk.Device}", windows.ToWindowsPath(disk.Image)]),
                ],
                limit: BootLimit);
            Assert.That(booted.OutputLines, Has.Count.GreaterThanOrEqualTo(2), booted.ToString());
            Assert.That(booted.OutputLines[^1], Is.EqualTo("State 5"), booted.ToString());
            return new BootedGuest(windows, lines, booted.OutputLines);
        }
        catch
        {
            lines.Dispose();
            await windows.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the Windows as a crash would: everything that ran in it must end too.</summary>
    public async ValueTask DisposeAsync()
    {
        await Windows.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Sends the C++ sample's greeting to a port of the guest and gives the answer. The guest has booted then.</summary>
    /// <param name="port">The guest's port.</param>
    public async Task<string> TalkAsync(int port)
    {
        using TestDirectory work = new();
        string client = await CppCompiler.CompileAsync(
            CppArchitecture.X64, Path.Combine(RepositoryPaths.Root, "samples", "cpp", "client.cpp"), work);
        ProgramResult result = await Windows.RunAsync(client, ["booted-" + Guid.NewGuid().ToString("N"), $"{port}"], limit: ClientLimit);
        const string Received = "Received: ";
        Assert.That(result.OutputLines[^1], Does.StartWith(Received), result.ToString());
        return result.OutputLines[^1][Received.Length..];
    }

    private static string SecondLineIn(TestDirectory folder) => folder.PathOf("second-line.txt");
}
