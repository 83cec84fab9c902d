using System.Net.Sockets;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks.Media;

namespace VpcComApi.VirtualDisks.Tests.Files;

/// <summary>The type of a file is checked before it is opened, because opening a pipe would wait for ever.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Platform(Exclude = "Win", Reason = "Windows has no pipes and devices in folders.")]
internal sealed class RegularFileTests : IDisposable
{
    private readonly TestDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [TestCaseSource(nameof(Kinds))]
    public async Task What_is_no_file_is_refused_at_once_and_named(string kind, string named)
    {
        string path = await MakeAsync(kind);

        await RefusedAsync(() => RegularFile.OpenHandle(path, FileAccess.Read, FileShare.Read).Dispose());
        await RefusedAsync(() => RegularFile.OpenHandle(path, FileAccess.ReadWrite, FileShare.None).Dispose());
        await RefusedAsync(() => RegularFile.ReadAllBytes(path, 100));
        await RefusedAsync(() => OpticalImage.IsOpticalImage(path));
        await RefusedAsync(() => FloppyImage.KindOf(path));

        Task RefusedAsync(Action open) => Wait.UntilAsync(
            Task.Run(() => Assert.That(
                () => open(), Throws.TypeOf<NotARegularFileException>().With.Message.Contains(path).And.Message.Contains(named))),
            $"the refusal of {kind}");
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task What_is_no_file_is_no_disk(string kind, string named)
    {
        string path = await MakeAsync(kind);

        await RefusedAsync(() => VirtualDiskInfo.Read(path));
        await RefusedAsync(() => VirtualDisk.Open(path, FileAccess.Read).Dispose());
        await RefusedAsync(() => VirtualDisk.Open(path, FileAccess.ReadWrite).Dispose());

        Task RefusedAsync(Action open) => Wait.UntilAsync(
            Task.Run(() => Assert.That(
                () => open(),
                Throws.TypeOf<VirtualDiskException>()
                    .With.Property(nameof(VirtualDiskException.Error)).EqualTo(VirtualDiskError.Foreign).And.Message.Contains(named))),
            $"the refusal of {kind}");
    }

    [Test]
    public async Task A_link_to_a_file_is_that_file_and_a_link_to_a_pipe_is_none()
    {
        await File.WriteAllTextAsync(folder.PathOf("file"), "text");
        File.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("file"));
        File.CreateSymbolicLink(folder.PathOf("to a pipe"), await MakeAsync("pipe"));

        Assert.That(RegularFile.ReadAllBytes(folder.PathOf("link"), 4), Is.EqualTo("text"u8.ToArray()));
        Assert.That(() => RegularFile.ReadAllBytes(folder.PathOf("to a pipe"), 4), Throws.TypeOf<NotARegularFileException>());
    }

    [Test]
    public void No_more_is_read_than_allowed_even_from_a_file_that_does_not_say_its_length()
    {
        File.WriteAllBytes(folder.PathOf("long"), new byte[101]);

        Assert.That(() => RegularFile.ReadAllBytes(folder.PathOf("long"), 100), Throws.TypeOf<InvalidDataException>());
        Assert.That(RegularFile.ReadAllBytes(folder.PathOf("long"), 101), Has.Length.EqualTo(101));
        Assert.That(new FileInfo("/proc/self/maps").Length, Is.Zero);
        Assert.That(RegularFile.ReadAllBytes("/proc/self/maps", 1 << 20), Is.Not.Empty);
        Assert.That(() => RegularFile.ReadAllBytes("/proc/self/maps", 100), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void A_failure_names_the_file_and_is_of_its_usual_type()
    {
        string path = folder.PathOf("a file");
        Assert.That(() => RegularFile.ReadAllBytes(path, 1), Throws.TypeOf<FileNotFoundException>().With.Message.Contains(path));
        Assert.That(
            () =>
                RegularFile.ReadAllBytes(folder.PathOf("no folder", "file"), 1),
                Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("no folder"));
        Assert.That(() => RegularFile.ReadAllBytes(folder.PathOf(new string('n', 300)), 1), Throws.TypeOf<PathTooLongException>());

        using FileStream held = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        Assert.That(
            () =>
                RegularFile.OpenHandle(path, FileAccess.ReadWrite, FileShare.None),
                Throws.TypeOf<IOException>().With.Message.Contains(path));
    }

    private static IEnumerable<TestCaseData> Kinds() =>
    [
        new("pipe", "a named pipe"),
        new("device", "a device"),
        new("folder", "a folder"),
        new("socket", "a socket"),
    ];

    private async Task<string> MakeAsync(string kind)
    {
        string path = folder.PathOf(kind);
        switch (kind)
        {
            case "pipe":
                await RunningProgram.RunAsync("mkfifo", [path]);
                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            default:
                using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Bind(new UnixDomainSocketEndPoint(path));

                    // Its name must stay when it closes.
                    File.Move(path, path + ".kept");
                    return path + ".kept";
                }
        }

        return path;
    }
}
