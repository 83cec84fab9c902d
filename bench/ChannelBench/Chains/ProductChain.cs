using System.Globalization;
using System.Net.Sockets;
using VpcComApi.ChannelBench.Processes;
using VpcComApi.Platform.Folders;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ChannelBench.Chains;

/// <summary>The product in normal use: <c>vpcctl up</c> hosts a machine, whose guest is a vmsrvc process.</summary>
internal sealed class ProductChain : Chain
{
    /// <summary>Unique names: several runs may share a temporary folder.</summary>
    private readonly string run = string.Create(
        CultureInfo.InvariantCulture, $"b{Environment.ProcessId}x{Interlocked.Increment(ref runs)}-");

    private static int runs;

    private ProductChain(string name)
        : base(name)
    {
    }

    /// <summary>Starts a machine with channels and waits until they are open.</summary>
    /// <param name="name">Its name in the table.</param>
    /// <param name="programs">The folder of vpcctl and vmsrvc.</param>
    /// <param name="dataFolder">For the machine.</param>
    /// <param name="port">The server's port.</param>
    /// <param name="channels">How many channels.</param>
    public static async Task<ProductChain> StartAsync(string name, string programs, string dataFolder, int port, int channels)
    {
        ProductChain chain = new(name);
        try
        {
            ChildProcess host = ChildProcess.StartLimited(
                Path.Combine(programs, "vpcctl"),
                [
                    "up", VirtualMachineHost.FirstMachineName,
                    .. Enumerable.Range(0, channels).SelectMany(index => chain.Argument(index, port)),
                ],
                new Dictionary<string, string> { [UserFolders.OverrideVariable] = dataFolder });
            chain.Own(host);
            await host.ReadLineAsync(line => line.Contains("Ctrl-C ends it", StringComparison.Ordinal));
            host.DropOutput();
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The Unix socket of a pipe's name, to which .NET's pipe clients connect.</remarks>
    protected override Socket ConnectSocket(int index) => ConnectUnix(Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + Pipe(index)));

    private string Pipe(int index) => run + index.ToString(CultureInfo.InvariantCulture);

    private string[] Argument(int index, int port) => ["--channel", string.Create(CultureInfo.InvariantCulture, $"{Pipe(index)}:{port}")];
}
