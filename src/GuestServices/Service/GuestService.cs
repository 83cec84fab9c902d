using System.Reflection;
using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Links;
using VpcComApi.GuestServices.Machines;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>
/// The guest's side of the bus, as long as the guest runs: connects, serves the host until the link ends, and connects again. While the
/// host cannot be reached there is one attempt in five seconds and one log entry per minute.
/// </summary>
/// <param name="options">The address of the bus, and limits.</param>
/// <param name="machine">The guest's machine.</param>
/// <param name="facts">Reads information about the guest's operating system.</param>
/// <param name="logger">Receives log messages.</param>
internal sealed class GuestService(GuestServiceOptions options, IGuestMachine machine, IOperatingSystemFacts facts, ILogger logger)
{
    private static readonly TimeSpan SameFailureInterval = TimeSpan.FromMinutes(1);

    /// <summary>A connection that lasted this long counts as successful: after it the next attempt follows soon.</summary>
    private static readonly TimeSpan GoodConnection = TimeSpan.FromSeconds(5);

    private readonly ReconnectDelay delay = new();
    private readonly TaskCompletionSource firstTry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BusConnection? connected;
    private string? lastFailure;
    private long lastFailureAt;

    /// <summary>The version of the integration components.</summary>
    public static string ComponentsVersion { get; } =
        typeof(GuestService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Completes when the facts were sent to the host, or the first attempt to reach the host has failed.</summary>
    public Task FirstTry => firstTry.Task;

    /// <summary>Raised when <see cref="Devices"/> may have changed.</summary>
    public event Action? DevicesChanged;

    /// <summary>The guest's integration devices: each bus channel of a communication channel is one.</summary>
    public IReadOnlyList<IntegrationDevice> Devices => connected is { } bus
        ?
        [
            .. from channel in bus.Channels
               where channel.Service != IntegrationProtocol.ServiceName
               orderby channel.ChannelId
               select new IntegrationDevice(
                   channel.ChannelId,
                   channel.Service,
                   channel.Direction == ChannelDirection.Sending ? "sending" : "receiving",
                   channel.Bytes),
        ]
        : [];

    /// <summary>Runs until it is cancelled. When it returns, the bus is closed and all its channels have ended.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ServeOneConnectionAsync(cancellationToken);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                ReportFailure(e);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // It failed because it is being stopped.
            }

            firstTry.TrySetResult();
            await Task.Delay(delay.Next(), options.TimeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeOneConnectionAsync(CancellationToken cancellationToken)
    {
        BusConnection bus = await ConnectAsync(cancellationToken);
        connected = bus;
        long connectedAt = options.TimeProvider.GetTimestamp();
        try
        {
            await using (bus)
            {
                await new BusSession(bus, options, machine, facts, () => Devices, OnDevicesChanged, logger).RunAsync(
                    onReady: () =>
                    {
                        lastFailure = null;
                        firstTry.TrySetResult();
                        GuestServiceLog.Connected(logger, options.Bus, bus.Peer.ComponentVersion);
                    },
                    cancellationToken);
            }
        }
        finally
        {
            connected = null;
            OnDevicesChanged();
            if (options.TimeProvider.GetElapsedTime(connectedAt) >= GoodConnection)
            {
                delay.Reset();
            }
        }
    }

    private void OnDevicesChanged() => DevicesChanged?.Invoke();

    private async Task<BusConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(options.ConnectLimit, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            Stream link = await options.Bus.ConnectAsync(logger, either.Token);
            if (options.Key is { } key)
            {
                await ProveAsync(key, link, either.Token);
            }

            BusOptions busOptions = new()
            {
                Side = BusSide.Guest,
                ComponentVersion = ComponentsVersion,
                TimeProvider = options.TimeProvider,
                Logger = logger,
            };
            return await BusConnection.EstablishAsync(link, busOptions, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"The host at {options.Bus} did not complete the greeting within {options.ConnectLimit.TotalSeconds:0} s.");
        }
    }

    private async Task ProveAsync(VpcBus.Links.LinkKey key, Stream link, CancellationToken cancellationToken)
    {
        try
        {
            if (await key.ProveAsync(link, BusSide.Guest, cancellationToken))
            {
                return;
            }
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }

        await link.DisposeAsync();
        throw new IOException($"The process that answered at {options.Bus} does not have the link's key.");
    }

    private void ReportFailure(Exception failure)
    {
        bool isNew = failure.Message != lastFailure
            || options.TimeProvider.GetElapsedTime(lastFailureAt) >= SameFailureInterval;
        if (isNew)
        {
            lastFailure = failure.Message;
            lastFailureAt = options.TimeProvider.GetTimestamp();
            GuestServiceLog.NoBus(logger, options.Bus, failure.Message);
        }
    }
}
