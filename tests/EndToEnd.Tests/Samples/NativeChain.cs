using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Samples;

/// <summary>A guest program, and a machine with a channel to it that vpcctl runs. The machine's files are the test's own.</summary>
internal sealed class NativeChain : IAsyncDisposable
{
    private readonly TestDirectory userFolder = new();
    private readonly RunningProgram guest;
    private RunningProgram? machine;

    private NativeChain(RunningProgram guest) => this.guest = guest;

    /// <summary>The channel's pipe.</summary>
    public string Pipe { get; } = "sample-" + Guid.NewGuid().ToString("N");

    /// <summary>What the guest program has written.</summary>
    public RunningProgram Guest => guest;

    /// <summary>Starts a guest program, waits until it listens, and opens a channel to it.</summary>
    /// <param name="startGuest">Starts the program on a port.</param>
    public static async Task<NativeChain> StartAsync(Func<int, RunningProgram> startGuest)
    {
        int port = FreePort();
        NativeChain chain = new(startGuest(port));
        try
        {
            await chain.guest.WaitForOutputAsync("Listening");
            ProcessStartInfo up = new(PublishedProducts.CommandLine, ["up", "Windows XP Mode", "--channel", $"{chain.Pipe}:{port}"]);
            up.Environment["XDG_DATA_HOME"] = chain.userFolder.FullPath;
            chain.machine = RunningProgram.Start(up);
            await chain.machine.WaitForOutputAsync("Ctrl-C ends it");
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (machine is not null)
        {
            // Like Ctrl-C: it turns the machine off and removes its socket.
            await RunningProgram.RunAsync("kill", [$"{machine.Id}"]);
            await machine.FinishAsync();
            await machine.DisposeAsync();
        }

        await guest.DisposeAsync();
        userFolder.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, port: 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
