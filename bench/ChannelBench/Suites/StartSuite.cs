using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Load;
using VpcComApi.ChannelBench.Results;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Emulated;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>
/// The time until a guest is ready, and until a channel transfers its first byte. The domain runs in this process, as it does in vpcctl and
/// vpc.exe; the guest is the product's program.
/// </summary>
internal sealed class StartSuite : ISuite
{
    private const int FirstMessageSize = 1;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Measure channelStart = new(
        "StartCommunicationChannel to the guest program's first byte", "ms", moreIsBetter: false, new Goal(null, 2));

    private readonly Measure guestStart = new("guest start to ready event", "ms", moreIsBetter: false, new Goal(null, 500));

    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public async Task<ResultTable> RunAsync(BenchContext context)
    {
        await using VirtualMachineHost host = VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = context.MakeFolder(),
            Providers =
            [
                new EmulatedMachineProvider(new EmulatedMachineOptions { GuestServicePath = Path.Combine(context.Programs, "vmsrvc") }),
            ],
            LoggerFactory = NullLoggerFactory.Instance,
        });
        VirtualMachine machine = host.VirtualMachines[0];
        for (int start = 0; start <= context.Effort.GuestStarts; start++)
        {
            context.Progress($"guest start {start} of {context.Effort.GuestStarts}");
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            limit.CancelAfter(StartLimit);
            long began = Stopwatch.GetTimestamp();
            await machine.Startup(StartupOption.Normal).Completion.WaitAsync(limit.Token);
            await machine.WaitForChannelReadyAsync(limit.Token);

            // The first one warms this process up.
            if (start > 0)
            {
                guestStart.Add(Chain.Product, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            if (start == context.Effort.GuestStarts)
            {
                await StartChannelsAsync(machine, context, limit.Token);
            }

            await machine.TurnOff().Completion.WaitAsync(limit.Token);
        }

        return new ResultTable("Starting", [Chain.Product], [channelStart, guestStart]);
    }

    private async Task StartChannelsAsync(VirtualMachine machine, BenchContext context, CancellationToken cancellationToken)
    {
        context.Progress($"{context.Effort.ChannelStarts} channel starts");
        string port = context.ServerPort.ToString(CultureInfo.InvariantCulture);
        int warmUp = context.Effort.ChannelStarts / 4;
        for (int start = -warmUp; start < context.Effort.ChannelStarts; start++)
        {
            string pipe = string.Create(CultureInfo.InvariantCulture, $"b{Environment.ProcessId}s{start + warmUp}");
            long began = Stopwatch.GetTimestamp();
            await machine.StartCommunicationChannelAsync(
                EndpointType.NamedPipe, @"\\.\pipe\" + pipe, EndpointType.TcpIp, port, cancellationToken);
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + pipe)));
            using LoadClient client = new(socket);
            client.RoundTrips(FirstMessageSize, most: 1, StartLimit);
            if (start >= 0)
            {
                channelStart.Add(Chain.Product, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
    }
}
