using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.GuestServices.Service;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus.Links;

namespace VpcComApi.GuestServices.Tests;

/// <summary>A guest service that runs in the test's process, with the host that it connects to.</summary>
internal sealed class RunningGuestService : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    public RunningGuestService(
        LinkKey? key = null, TimeSpan? connectLimit = null, TimeSpan? factsInterval = null, TimeSpan? tcpConnectLimit = null)
    {
        GuestServiceOptions options = new() { Bus = Host.Address, Key = key };
        options = options with
        {
            ConnectLimit = connectLimit ?? options.ConnectLimit,
            TcpConnectLimit = tcpConnectLimit ?? options.TcpConnectLimit,
            FactsInterval = factsInterval ?? options.FactsInterval,
        };
        Service = new GuestService(options, Machine, Facts, NullLogger.Instance);
        running = Service.RunAsync(stopping.Token);
    }

    public HostSide Host { get; } = new();

    public MemoryGuestMachine Machine { get; } = new();

    public ChangingFacts Facts { get; } = new();

    public GuestService Service { get; }

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await Wait.UntilAsync(running, "the guest service to stop");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
        Host.Dispose();
    }
}
