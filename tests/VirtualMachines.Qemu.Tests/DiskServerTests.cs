using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Qemu.Disks;
using VpcComApi.VirtualMachines.Qemu.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>
/// What QEMU sees of the disks that our process reads and writes for it, and who else sees them. qemu-img and qemu-io are QEMU's own
/// client.
/// </summary>
[TestFixture]
internal sealed class DiskServerTests
{
    private const int MegaByte = 1 << 20;

    private static readonly ExternalTool ImageTool = ExternalTool.Program("qemu-img", "qemu-utils");
    private static readonly ExternalTool InputTool = ExternalTool.Program("qemu-io", "qemu-utils");

    private TestDirectory folder = null!;

    private static IEnumerable<TestCaseData> ForeignDisks()
    {
        // A disk of Virtual PC 2007 as it is on the web: 65,536 bytes more than its geometry says.
        yield return Case("Virtual PC 2007", new ForeignDisk(268_435_456) { Geometry = (520, 16, 63), Blocks = [0, 127] });
        foreach (string creator in (string[])["qemu", "qem2", "vbox", "d2v ", "win ", "tap\0", "vs  ", "CXS "])
        {
            yield return Case(
                creator, new ForeignDisk((16 * MegaByte) + 512) { Creator = creator, Geometry = (480, 4, 17), Blocks = [1, 8] });
        }

        yield return Case(
            "sectors that do not count", new ForeignDisk(16 * MegaByte) { Blocks = [0, 3], IsOwn = sector => sector % 5 != 0 });
        yield return Case(
            "blocks of 512 KB before their table",
            new ForeignDisk(16 * MegaByte) { BlockSize = MegaByte / 2, Blocks = [31, 2, 0], HasTableLast = true });

        static TestCaseData Case(string name, ForeignDisk disk) => new TestCaseData(disk).SetArgDisplayNames(name.Replace('\0', '0'));
    }

    [SetUp]
    public void Make_a_folder()
    {
        ToolRequirement.Require(ImageTool, InputTool);
        folder = new TestDirectory();
    }

    [TearDown]
    public void Delete_it() => folder?.Dispose();

    [TestCaseSource(nameof(ForeignDisks))]
    public async Task QEMU_sees_the_whole_disk_that_its_footer_describes(ForeignDisk disk)
    {
        string image = folder.PathOf("disk.vhd");
        disk.Write(image);

        await AssertSeesAsync(image, disk);
    }

    [Test]
    public async Task QEMU_sees_the_disks_below_a_differencing_one()
    {
        ForeignDisk parent = new(16 * MegaByte) { Blocks = [0, 2], IsOwn = sector => sector % 3 != 0 };
        ForeignDisk child = new(16 * MegaByte)
        {
            Parent = parent, ParentName = "parent.vhd", ParentPlaces = [("W2ru", @".\parent.vhd")], Seed = 2, Blocks = [2, 5],
            IsOwn = sector =>
                sector % 7 == 0,
        };
        parent.Write(folder.PathOf("parent.vhd"));
        child.Write(folder.PathOf("child.vhd"));

        await AssertSeesAsync(folder.PathOf("child.vhd"), child);
    }

    [TestCase("disk")]
    [TestCase("")]
    [TestCase("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Who_does_not_know_the_disks_name_is_refused_and_keeps_nobody_from_it(string name)
    {
        using LoopbackDiskSocket socket = new();
        await using DiskServer server = DiskServer.Open(SmallDisk(), socket, TimeProvider.System, new TestOutputLog());

        ProgramResult refused = await InfoAsync(socket, name);
        Assert.That(refused.ExitCode, Is.Not.Zero, refused.ToString());
        Assert.That(refused.Output, Does.Not.Contain(VirtualDiskLimits.MinimumSize.ToString(CultureInfo.InvariantCulture)));

        ProgramResult allowed = await InfoAsync(socket, socket.Export);
        Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
    }

    [Test]
    public async Task Programs_that_connect_and_say_nothing_do_not_keep_QEMU_from_its_disk()
    {
        using LoopbackDiskSocket socket = new();
        await using DiskServer server = DiskServer.Open(SmallDisk(), socket, TimeProvider.System, new TestOutputLog());
        List<Socket> silent = [];
        try
        {
            for (int i = 0; i < DiskClients.MaxClients + 1; i++)
            {
                silent.Add(await ConnectAsync(socket.Port));
            }

            ProgramResult allowed = await InfoAsync(socket, socket.Export);
            Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
            foreach (Socket program in silent)
            {
                await AssertDisconnectedAsync(program);
            }
        }
        finally
        {
            silent.ForEach(program => program.Dispose());
        }
    }

    [Test]
    public async Task Nobody_is_accepted_after_QEMU()
    {
        using LoopbackDiskSocket socket = new();
        await using DiskServer server = DiskServer.Open(SmallDisk(), socket, TimeProvider.System, new TestOutputLog());
        await using RunningProgram qemu = RunningProgram.Start(new("qemu-io", ["-f", "raw", Address(socket, socket.Export)]));
        await qemu.WriteLineAsync("read 0 512");
        await qemu.WaitForOutputAsync("read 512/512");

        Assert.That(async () => await ConnectAsync(socket.Port), Throws.InstanceOf<SocketException>());

        await qemu.WriteLineAsync("write -P 7 0 512");
        await qemu.WaitForOutputAsync("wrote 512/512");
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Another user is needed, and the system's table of connections.")]
    public async Task Another_users_program_is_refused_even_with_the_name()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Only root can start a program of another user.");
        }

        using LoopbackDiskSocket socket = new();
        await using DiskServer server = DiskServer.Open(SmallDisk(), socket, TimeProvider.System, new TestOutputLog());

        ProgramResult other = await RunningProgram.RunAsync(
            "setpriv",
            ["--reuid=65534", "--regid=65534", "--clear-groups", "qemu-img", "info", "-f", "raw", Address(socket, socket.Export)]);
        Assert.That(other.ExitCode, Is.Not.Zero, other.ToString());

        ProgramResult own = await InfoAsync(socket, socket.Export);
        Assert.That(own.ExitCode, Is.Zero, own.ToString());
    }

    [Test]
    public async Task Connections_that_are_reset_do_not_keep_QEMU_from_its_disk()
    {
        using LoopbackDiskSocket socket = new();
        await using DiskServer server = DiskServer.Open(SmallDisk(), socket, TimeProvider.System, new TestOutputLog());
        using CancellationTokenSource stop = new();
        for (int i = 0; i < DiskClients.MaxClients; i++)
        {
            Reset(await ConnectAsync(socket.Port));
        }

        Task resets = ResetUntilAsync(socket.Port, stop.Token);
        ProgramResult allowed = await InfoAsync(socket, socket.Export);
        await stop.CancelAsync();
        await resets;

        Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
    }

    [TestCase(SocketError.ConnectionReset)]
    [TestCase(SocketError.ConnectionAborted)]
    [TestCase(SocketError.NotConnected)]
    public async Task A_client_that_has_disconnected_before_it_is_checked_does_not_delay_the_next(SocketError error)
    {
        // The error for such a client differs between systems, and depends on timing.
        int gone = 0;
        using LoopbackListener listener = new(_ => Interlocked.Increment(ref gone) > 1 ? true : throw new SocketException((int)error));
        using Socket reset = await ConnectAsync(listener.Port);
        using Socket right = await ConnectAsync(listener.Port);

        using Socket accepted = await Wait.UntilAsync(listener.AcceptAsync(CancellationToken.None), "the right caller");

        Assert.That(accepted.RemoteEndPoint, Is.EqualTo(right.LocalEndPoint));
        await AssertDisconnectedAsync(reset);
    }

    [Test]
    public async Task A_failure_that_nobody_expected_ends_its_disk_alone_and_closes_it()
    {
        string image = SmallDisk();
        using FailingDiskSocket socket = new();
        DiskServer server = DiskServer.Open(image, socket, TimeProvider.System, new TestOutputLog());
        using Socket silent = await ConnectAsync(socket.Port);

        await AssertDisconnectedAsync(silent);
        await Wait.UntilAsync(server.DisposeAsync().AsTask(), "the server to end");

        Assert.That(() => File.Open(image, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
    }

    [Test]
    public async Task A_server_that_nobody_came_to_ends_at_once_and_leaves_the_image_as_it_was()
    {
        string image = SmallDisk();
        byte[] before = await File.ReadAllBytesAsync(image);
        using LoopbackDiskSocket socket = new();
        DiskServer server = DiskServer.Open(image, socket, TimeProvider.System, new TestOutputLog());
        using Socket silent = await ConnectAsync(socket.Port);

        await Wait.UntilAsync(server.DisposeAsync().AsTask(), "the server to end");

        await AssertDisconnectedAsync(silent);
        Assert.That(await File.ReadAllBytesAsync(image), Is.EqualTo(before));
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        Socket program = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await program.ConnectAsync(IPAddress.Loopback, port);
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Resets a connection.</summary>
    private static void Reset(Socket program)
    {
        program.LingerState = new LingerOption(enable: true, 0);
        program.Dispose();
    }

    /// <summary>Connects and resets again and again until it is stopped, or no connection is accepted any more.</summary>
    private static async Task ResetUntilAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Reset(await ConnectAsync(port));
            }
        }
        catch (SocketException)
        {
            // QEMU has connected, and the port is closed.
        }
    }

    /// <summary>Reads the greeting, if there was time for one, and then the end.</summary>
    private static async Task AssertDisconnectedAsync(Socket program)
    {
        byte[] buffer = new byte[64];
        try
        {
            while (await Wait.UntilAsync(program.ReceiveAsync(buffer), "the connection to end") > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed before it was taken up.
        }
    }

    private static string Address(LoopbackDiskSocket socket, string export) =>
        string.Create(CultureInfo.InvariantCulture, $"nbd://127.0.0.1:{socket.Port}/{export}");

    private static Task<ProgramResult> InfoAsync(LoopbackDiskSocket socket, string export) =>
        RunningProgram.RunAsync("qemu-img", ["info", "-f", "raw", Address(socket, export)]);

    private string SmallDisk()
    {
        string image = folder.PathOf("small.vhd");
        DiskCreation.CreateDynamic(image, VirtualDiskLimits.MinimumSize);
        return image;
    }

    /// <summary>Compares what QEMU reads, what a program here reads, and the content of the disk.</summary>
    private async Task AssertSeesAsync(string image, ForeignDisk disk)
    {
        Assert.That(VirtualDiskInfo.Read(image).Size, Is.EqualTo(disk.Size), "SizeInGuest");
        using LoopbackDiskSocket socket = new();
        string raw = folder.PathOf("seen.raw");
        await using (DiskServer.Open(image, socket, TimeProvider.System, new TestOutputLog()))
        {
            ProgramResult copied = await RunningProgram.RunAsync(
                "qemu-img", ["convert", "-f", "raw", "-O", "raw", Address(socket, socket.Export), raw]);
            Assert.That(copied.ExitCode, Is.Zero, copied.ToString());
        }

        await using FileStream seen = File.OpenRead(raw);
        Assert.That(seen.Length, Is.EqualTo(disk.Size), "the size that QEMU sees");
        byte[] piece = new byte[MegaByte];
        for (long offset = 0; offset < disk.Size; offset += piece.Length)
        {
            int length = (int)Math.Min(piece.Length, disk.Size - offset);
            await seen.ReadExactlyAsync(piece.AsMemory(0, length));
            Assert.That(piece.AsSpan(0, length).SequenceEqual(disk.Expect(offset, length)), Is.True, $"the megabyte at {offset:N0}");
        }
    }
}
