using System.Globalization;
using System.IO.Pipes;
using System.Runtime.Versioning;
using VpcComApi.CommandLine.Hosting;
using VpcComApi.Platform.Folders;
using VpcComApi.TestSupport;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>
/// What another user of the computer can do to a user's machines and channels: nothing. The access rights of outer folders are removed on
/// purpose.
/// </summary>
[Platform("Linux")]
[UnsupportedOSPlatform("windows")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OtherUserTests : IAsyncDisposable
{
    private const string Machine = VpcctlEnvironment.Machine;
    private const UnixFileMode OpenToAll = (UnixFileMode)0b111_111_111;
    private const UnixFileMode ReadableByAll = (UnixFileMode)0b111_101_101;

    private readonly VpcctlEnvironment vpcctl = new();
    private readonly EchoServer server = new();
    private readonly string pipe = "other-user-test-" + Guid.NewGuid().ToString("N");

    private string PortText => server.Port.ToString(CultureInfo.InvariantCulture);

    private string Socket => Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + pipe);

    public async ValueTask DisposeAsync()
    {
        await vpcctl.DisposeAsync();
        await server.DisposeAsync();
        File.Delete(Socket);
    }

    [Test]
    public async Task A_channel_s_pipe_cannot_be_opened_removed_or_replaced()
    {
        OtherUser.Require();
        await OpenChannelAsync();

        Assert.That((await OtherUser.ConnectAsync(Socket)).Output, Does.StartWith("refused: Permission denied"));
        await AssertCannotAsync("rm", "-f", Socket);
        await AssertCannotAsync("mv", "-f", Socket, Socket + "-moved");
        await AssertCannotAsync("ln", "-sfn", "/dev/null", Socket);
        await AssertCannotAsync("chmod", "666", Socket);

        await EchoAsync();
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_name_stays_taken_while_its_client_is_connected()
    {
        OtherUser.Require();
        await OpenChannelAsync();
        await using NamedPipeClientStream client = await ConnectAsync();
        await client.WriteAsync(new byte[1]);
        await client.ReadExactlyAsync(new byte[1]);

        await using (RunningProgram listener = OtherUser.Listen(Socket))
        {
            Assert.That((await listener.FinishAsync()).Output, Does.StartWith("refused: Address already in use"));
        }

        await using NamedPipeClientStream second = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        Assert.That(() => second.Connect(100), Throws.InstanceOf<TimeoutException>(), "no second instance");
        await client.WriteAsync(new byte[1]);
        await client.ReadExactlyAsync(new byte[1]);
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_name_that_another_process_uses_is_refused_and_not_shared()
    {
        OtherUser.Require();
        await vpcctl.DoAsync("start", Machine);
        await using RunningProgram listener = OtherUser.Listen(Socket);
        await listener.WaitForOutputAsync("listening");

        ProgramResult refused = await vpcctl.RunAsync("channel", Machine, "--pipe", pipe, "--port", PortText);

        Assert.That(refused.ExitCode, Is.EqualTo((int)ExitCode.Failed), refused.ToString());
        Assert.That(refused.Error, Does.Contain("is in use"));
        Assert.That(listener.HasExited, Is.False);
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_link_in_a_name_s_place_leads_nowhere()
    {
        OtherUser.Require();
        using TestDirectory own = new();
        string precious = own.WriteText("precious", "content");
        UnixFileMode mode = File.GetUnixFileMode(precious);
        await vpcctl.DoAsync("start", Machine);
        Assert.That((await OtherUser.RunAsync("ln", "-s", precious, Socket)).ExitCode, Is.Zero);

        // Root may remove the link, and has the name then; another user may not, and is refused.
        await vpcctl.DoAsync("channel", Machine, "--pipe", pipe, "--port", PortText);

        Assert.That(File.ReadAllText(precious), Is.EqualTo("content"));
        Assert.That(File.GetUnixFileMode(precious), Is.EqualTo(mode));
        Assert.That(new FileInfo(Socket).LinkTarget, Is.Null);
        await EchoAsync();
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task Machines_logs_and_states_cannot_be_read_in_a_folder_that_everybody_may_enter()
    {
        OtherUser.Require();
        File.SetUnixFileMode(vpcctl.DataFolder, ReadableByAll);
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("save", Machine);

        string[] files = Directory.GetFiles(vpcctl.DataFolder, "*", SearchOption.AllDirectories);
        Assert.That(files.Select(Path.GetExtension), Is.SupersetOf([".vmc", ".log", ".lock"]));
        foreach (string file in files)
        {
            await AssertCannotAsync("cat", file);
            await AssertCannotAsync("rm", "-f", file);
        }

        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task The_host_does_not_listen_to_another_user()
    {
        OtherUser.Require();
        await vpcctl.DoAsync("start", Machine);
        HostEndpoint endpoint = HostEndpoint.Of(vpcctl.DataFolder);
        File.SetUnixFileMode(vpcctl.DataFolder, ReadableByAll);
        Assert.That((await OtherUser.ConnectAsync(endpoint.Socket)).Output, Does.StartWith("refused: Permission denied"));

        // Also when folder and socket are accessible to all.
        File.SetUnixFileMode(Path.GetDirectoryName(endpoint.Socket)!, OpenToAll | UnixFileMode.StickyBit);
        File.SetUnixFileMode(endpoint.Socket, OpenToAll);
        Assert.That((await OtherUser.ConnectAsync(endpoint.Socket)).Output, Is.EqualTo("connected\nnothing\n"));

        await vpcctl.DoAsync("stop", Machine);
    }

    [Test]
    public async Task A_host_of_another_user_is_not_talked_to()
    {
        OtherUser.Require();
        HostEndpoint endpoint = HostEndpoint.Of(vpcctl.DataFolder);
        File.SetUnixFileMode(vpcctl.DataFolder, ReadableByAll);
        File.SetUnixFileMode(Path.GetDirectoryName(endpoint.Socket)!, OpenToAll | UnixFileMode.StickyBit);
        await using RunningProgram listener = OtherUser.Listen(endpoint.Socket);
        await listener.WaitForOutputAsync("listening");

        ProgramResult list = await vpcctl.RunAsync("list");

        Assert.That(list.ExitCode, Is.EqualTo((int)ExitCode.HostUnavailable), list.ToString());
        Assert.That(list.Error, Does.Contain("65534"));
    }

    [Test]
    public async Task A_data_folder_of_another_user_is_refused()
    {
        OtherUser.Require();
        Assert.That((await RunningProgram.RunAsync("chown", ["65534", vpcctl.DataFolder])).ExitCode, Is.Zero);

        ProgramResult list = await vpcctl.RunAsync("list");

        Assert.That(list.ExitCode, Is.Not.Zero);
        Assert.That(
            list.Error, Does.Contain(vpcctl.DataFolder).And.Contain("belongs to the user 65534").And.Contain(UserFolders.OverrideVariable));
        Assert.That((await RunningProgram.RunAsync("chown", ["0", vpcctl.DataFolder])).ExitCode, Is.Zero);
    }

    [Test]
    public async Task The_link_to_a_guest_cannot_be_reached()
    {
        OtherUser.Require();
        using TestDirectory runtime = new();
        File.SetUnixFileMode(runtime.FullPath, OpenToAll | UnixFileMode.StickyBit);
        vpcctl.Variables["XDG_RUNTIME_DIR"] = runtime.FullPath;
        await vpcctl.DoAsync("start", Machine);
        string link = Directory.GetDirectories(runtime.FullPath, "vpc-*").Single();

        await AssertCannotAsync("ls", link);
        await AssertCannotAsync("mv", link, link + "-moved");
        Assert.That((await OtherUser.ConnectAsync(Path.Combine(link, "bus"))).Output, Does.StartWith("refused: Permission denied"));
        int guest = vpcctl.Guests.Single();
        await AssertCannotAsync("ls", $"/proc/{guest}/fd/");
        await AssertCannotAsync("cat", $"/proc/{guest}/environ");

        await vpcctl.DoAsync("stop", Machine);
    }

    private static async Task AssertCannotAsync(params string[] command)
    {
        ProgramResult tried = await OtherUser.RunAsync(command);
        Assert.That(tried.ExitCode, Is.Not.Zero, $"{string.Join(' ', command)} worked: {tried}");
    }

    private async Task OpenChannelAsync()
    {
        await vpcctl.DoAsync("start", Machine);
        await vpcctl.DoAsync("channel", Machine, "--pipe", pipe, "--port", PortText);
    }

    private async Task EchoAsync()
    {
        await using NamedPipeClientStream client = await ConnectAsync();
        await client.WriteAsync(new byte[] { 42 });
        byte[] answer = new byte[1];
        await client.ReadExactlyAsync(answer);
        Assert.That(answer[0], Is.EqualTo(42));
    }

    private async Task<NamedPipeClientStream> ConnectAsync()
    {
        NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await client.ConnectAsync((int)Wait.DefaultLimit.TotalMilliseconds);
        return client;
    }
}
