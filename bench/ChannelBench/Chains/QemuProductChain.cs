using System.Globalization;
using System.Net.Sockets;
using VpcComApi.ChannelBench.Processes;
using VpcComApi.ChannelBench.Qemu;
using VpcComApi.Platform.Folders;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ChannelBench.Chains;

/// <summary>The product with a QEMU machine: <c>vpcctl up</c> hosts it, vmsrvc runs in the Linux that it boots.</summary>
internal sealed class QemuProductChain : Chain
{
    private readonly string pipe = string.Create(CultureInfo.InvariantCulture, $"q{Environment.ProcessId}");

    private QemuProductChain()
        : base(Product)
    {
    }

    /// <summary>Boots the guest and opens a channel to its server.</summary>
    /// <param name="programs">The folder of vpcctl.</param>
    /// <param name="dataFolder">For the machine.</param>
    /// <param name="guests">The guests.</param>
    public static async Task<QemuProductChain> StartAsync(string programs, string dataFolder, BenchGuests guests)
    {
        (VirtualMachineHost host, _) = QemuMachines.Open(dataFolder, guests);
        await host.DisposeAsync();
        QemuProductChain chain = new();
        try
        {
            ChildProcess up = ChildProcess.StartLimited(
                Path.Combine(programs, "vpcctl"),
                [
                    "up", QemuMachines.MachineName, "--channel",
                    string.Create(CultureInfo.InvariantCulture, $"{chain.pipe}:{BenchGuests.ServerPort}"),
                ],
                new Dictionary<string, string> { [UserFolders.OverrideVariable] = dataFolder });
            chain.Own(up);
            await up.ReadLineAsync(line => line.Contains("Ctrl-C ends it", StringComparison.Ordinal));
            up.DropOutput();
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override Socket ConnectSocket(int index) => ConnectUnix(Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + pipe));
}
