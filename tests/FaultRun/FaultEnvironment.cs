using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using VpcComApi.CommandLine.Hosting;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.FaultRun.Transfer;
using VpcComApi.Platform.Folders;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;

namespace VpcComApi.FaultRun;

/// <summary>
/// The environment of a run: a data folder, a temporary folder and a run-time folder of its own, the host process, one machine, and the
/// guest program. Killed processes are started again here.
/// </summary>
internal sealed class FaultEnvironment : IAsyncDisposable
{
    /// <summary>The machine.</summary>
    public const string Machine = "Windows XP Mode";

    private static readonly string[] GuestServiceFiles = ["vmsrvc.dll", "vmsrvc"];

    private readonly TestDirectory folder = new();
    private readonly LocalMachinesSource source;
    private readonly HashSet<string> sharedMemoryBefore = [.. SharedMemory()];
    private IMachinesSession? session;
    private RunningProgram? server;
    private int serverPort;
    private int serverSocketsAtRest;

    /// <summary>Prepares the folders. From here on this process and all that it starts use them.</summary>
    public FaultEnvironment()
    {
        Environment.SetEnvironmentVariable(UserFolders.OverrideVariable, Make("data"));
        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", Make("run"));
        Environment.SetEnvironmentVariable("TMPDIR", Make("tmp"));
        string version =
            typeof(LocalMachinesSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        source = new LocalMachinesSource(
            HostEndpoint.Of(UserFolders.Data), version, () => DomainHost.Open(UserFolders.Data, version), HostProcess.StartAsync);
        Ledgers = Make("ledgers");
    }

    /// <summary>Where the rounds' ledgers are.</summary>
    public string Ledgers { get; }

    /// <summary>The host's process, or null.</summary>
    public int? Host => Find("\0host\0");

    /// <summary>The guest's process, or null.</summary>
    public int? Guest => Find("\0--emulated\0");

    /// <summary>The guest program's process.</summary>
    public int Server => server!.Id;

    /// <summary>The port of the guest program.</summary>
    public int ServerPort => serverPort;

    /// <summary>The machines.</summary>
    public IMachines Machines => session!.Machines;

    /// <summary>Waits until the guest program, which was killed, has ended: until then it still seems to run.</summary>
    public Task AwaitServerEndAsync() => server!.FinishAsync();

    /// <summary>Starts what is not running: the host, the machine, the guest program.</summary>
    public async Task BringUpAsync()
    {
        if (server is null or { HasExited: true })
        {
            await StartServerAsync();
        }

        if (session is null || Host is null)
        {
            await DropSessionAsync();
            session = await source.ConnectAsync(CancellationToken.None);
        }

        if (Guest is null)
        {
            await WaitForStateAsync(MachineState.TurnedOff);
            OperationProgress start = await Machines.StartAsync(Machine, trustParent: false, CancellationToken.None);
            await ProgressDisplay.WaitAsync(Machines, start, _ => { }, CancellationToken.None);
        }

        await Wait.UntilAsync(
            async () => await Machines.WaitUntilReadyAsync(Machine, 1000, CancellationToken.None), "the guest service to be up");

        // The last that a guest service opens for good, on a busy machine well behind its ready event. What it holds is counted from there.
        string endpoint = string.Create(CultureInfo.InvariantCulture, $"@vmsrvc-devices-{Guest}");
        await Wait.UntilAsync(
            () => File.ReadLines("/proc/net/unix").Any(line => line.EndsWith(endpoint, StringComparison.Ordinal)),
            $"{endpoint} to be listened on");
    }

    /// <summary>Starts a program of this run that may be killed.</summary>
    public static RunningProgram StartSelf(params IEnumerable<string> arguments) =>
        RunningProgram.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "FaultRun"), arguments));

    /// <summary>
    /// Replaces the guest service on disk atomically, as an installer does; the machine uses it after its next
    /// reset.
    /// </summary>
    public async Task UpgradeGuestServiceAsync()
    {
        foreach (string name in GuestServiceFiles)
        {
            string installed = Path.Combine(AppContext.BaseDirectory, name);
            string unfinished = string.Create(CultureInfo.InvariantCulture, $"{installed}.{Environment.ProcessId}");
            File.Copy(installed, unfinished, overwrite: true);
            File.Move(unfinished, installed, overwrite: true);
        }

        OperationProgress reset = await Machines.ResetAsync(Machine, CancellationToken.None);
        await ProgressDisplay.WaitAsync(Machines, reset, _ => { }, CancellationToken.None);
    }

    /// <summary>Waits until nothing is left of the channels of a round, nor of a killed process.</summary>
    public async Task SettleAsync(Victim victim)
    {
        if (victim == Victim.Host)
        {
            await DropSessionAsync();
            await Wait.UntilAsync(() => Guest is null, "the guest of the killed host to end");
        }
        else
        {
            if (victim == Victim.Guest)
            {
                await WaitForStateAsync(MachineState.TurnedOff);
            }

            await Wait.UntilAsync(
                async () => (await Machines.ListChannelsAsync(null, CancellationToken.None)).Length == 0, "all channels to end");
            await Wait.UntilAsync(() => !PipeFiles().Any(IsListenedOn), "the pipes' sockets to go");
        }

        if (victim != Victim.Server)
        {
            await Wait.UntilAsync(() => ServerSockets() <= serverSocketsAtRest, "the guest program's connections to end");
        }

        int folders = Guest is null ? 0 : 1;
        await Wait.UntilAsync(() => LinkFolders().Length == folders, $"the folders of the guests' links to be {folders}");
        string[] shared =
            [.. SharedMemory().Where(name => !sharedMemoryBefore.Contains(name) && !name.StartsWith("clr", StringComparison.Ordinal))];
        if (shared.Length > 0 && shared.Any(name => File.Exists(name)))
        {
            throw new FaultException($"shared memory was left: {string.Join(", ", shared)}");
        }
    }

    /// <summary>The running processes other than the host, the guest and the guest program.</summary>
    public IReadOnlyList<int> OtherProcesses() =>
        [.. ProcessLedger.Find(folder.FullPath).Where(id => id != Host && id != Guest && id != server?.Id)];

    /// <summary>Everything that runs, for an error's text.</summary>
    public string DescribeProcesses() => $"host {Host}, guest {Guest}, server {server?.Id}, others [{string.Join(", ", OtherProcesses())}]";

    /// <summary>Ends everything and checks whether anything is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await DropSessionAsync();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (Host is { } host)
        {
            using Process process = Process.GetProcessById(host);
            await RunningProgram.RunAsync("kill", ["-TERM", host.ToString(CultureInfo.InvariantCulture)]);
        }

        await Wait.UntilAsync(() => ProcessLedger.Find(folder.FullPath).Count == 0, "all processes to end");
        string[] left = [.. PipeFiles().Where(IsListenedOn), .. LinkFolders()];
        folder.Dispose();
        if (left.Length > 0)
        {
            throw new FaultException($"left at the end: {string.Join(", ", left)}");
        }
    }

    private int ServerSockets() => ProcessCensus.Take(server!.Id).Held.GetValueOrDefault(ProcessCensus.Sockets);

    private static IEnumerable<string> SharedMemory() => Directory.Exists("/dev/shm") ? Directory.EnumerateFiles("/dev/shm") : [];

    /// <summary>
    /// A host that is killed leaves the names of its pipes in the file system; no process listens on them, and the next use of the name
    /// replaces them.
    /// </summary>
    private static bool IsListenedOn(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string[] PipeFiles() => Directory.GetFiles(folder.PathOf("tmp"), "CoreFxPipe_*");

    private string[] LinkFolders() => Directory.GetDirectories(folder.PathOf("run"), "vpc-*");

    private string Make(string name) => Directory.CreateDirectory(folder.PathOf(name)).FullName;

    private int? Find(string commandLine) =>
        ProcessLedger.Find(folder.FullPath).Cast<int?>().FirstOrDefault(id => Holds(id!.Value, commandLine));

    private static bool Holds(int process, string commandLine)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline")).EndsWith(
                commandLine, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task StartServerAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        server = StartSelf("server", Ledgers);
        await server.WaitForOutputAsync("\n");
        serverPort = int.Parse(server.Output.AsSpan(TransferServer.PortPrefix.Length), CultureInfo.InvariantCulture);
        serverSocketsAtRest = ServerSockets();
    }

    private Task WaitForStateAsync(MachineState state) => Wait.UntilAsync(
        async () => (await Machines.GetAsync(Machine, CancellationToken.None)).State == state, $"the machine to be {state}");

    private async Task DropSessionAsync()
    {
        if (session is not null)
        {
            await session.DisposeAsync();
            session = null;
        }
    }
}
