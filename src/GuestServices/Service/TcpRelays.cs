using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.GuestServices.Service;

/// <summary>
/// Accepts the host's offers of TCP relays. An offer is accepted only after the TCP server was connected, so that a host whose offer is
/// accepted knows that a server is listening. Each relay is a task of its own; their number is bounded by the bus.
/// </summary>
/// <param name="bus">The bus.</param>
/// <param name="options">The limits of the service.</param>
/// <param name="changed">Called when a relay has begun or ended.</param>
/// <param name="logger">Receives log messages.</param>
internal sealed class TcpRelays(BusConnection bus, GuestServiceOptions options, Action changed, ILogger logger)
{
    /// <summary>Makes closing a socket reset the connection, so that its other end does not take it for a normal end.</summary>
    private static readonly LingerOption ResetOnClose = new(enable: true, seconds: 0);

    /// <summary>Makes closing a socket deliver what was sent.</summary>
    private static readonly LingerOption OrderlyClose = new(enable: false, seconds: 0);

    private readonly ConcurrentDictionary<Task, bool> relays = new();

    /// <summary>Serves offers until the bus ends, and returns when every relay has ended.</summary>
    /// <param name="cancellationToken">Ends all relays at once.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await bus.ReceiveOfferAsync(cancellationToken) is { } offer)
            {
                Task relay = ServeAsync(offer, cancellationToken);
                relays[relay] = true;
                _ = relay.ContinueWith(
                    ended =>
                        relays.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                        TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // The relays end by the same token.
        }

        await Task.WhenAll(relays.Keys);
    }

    private async Task ServeAsync(BusChannelOffer offer, CancellationToken cancellationToken)
    {
        // Later offers do not wait for this one.
        await Task.Yield();
        try
        {
            if (!TcpRelayService.TryParse(offer.Service, out int port))
            {
                GuestServiceLog.UnknownService(logger, offer.Service);
                await offer.RejectAsync(
                    (int)RelayRejection.UnknownService, $"The guest has no service '{offer.Service}'.", cancellationToken);
                return;
            }

            using Socket? socket = await ConnectAsync(offer, port, cancellationToken);
            if (socket is not null)
            {
                BusChannelPair pair = await offer.AcceptAsync(cancellationToken);
                changed();
                try
                {
                    await RelayAsync(pair, socket, port, cancellationToken);
                }
                finally
                {
                    changed();
                }
            }
        }
        catch (Exception e) when (e is BusException or OperationCanceledException)
        {
            // The host has withdrawn the offer, or the bus has ended: no answer is needed, and the socket is closed.
        }
    }

    private async Task<Socket?> ConnectAsync(BusChannelOffer offer, int port, CancellationToken cancellationToken)
    {
        Socket? socket = null;
        using CancellationTokenSource limit = new(options.TcpConnectLimit, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        RelayRejection rejection;
        string reason;
        try
        {
            // Until the end is known to be orderly, closing the socket resets the connection, also if it is closed because this process is
            // killed.
            socket =
                new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = ResetOnClose };
            await LoopbackConnection.ConnectAsync(socket, port, options.TimeProvider, either.Token);
            return socket;
        }
        catch (SocketException e)
        {
            rejection = e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => RelayRejection.ConnectionRefused,
                SocketError.TimedOut => RelayRejection.ConnectTimedOut,
                SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => RelayRejection.Busy,
                _ => RelayRejection.Other,
            };
            reason = rejection == RelayRejection.ConnectionRefused
                ? $"Nobody listens on 127.0.0.1 port {port} in the guest."
                : $"127.0.0.1 port {port} in the guest could not be connected: {e.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            rejection = RelayRejection.ConnectTimedOut;
            reason = $"127.0.0.1 port {port} in the guest did not answer within {options.TcpConnectLimit.TotalSeconds:0} s.";
        }
        catch (OperationCanceledException)
        {
            rejection = RelayRejection.ShuttingDown;
            reason = "The guest service is shutting down.";
        }

        socket?.Dispose();
        GuestServiceLog.NoTcpServer(logger, port, reason);
        await offer.RejectAsync((int)rejection, reason, CancellationToken.None);
        return null;
    }

    private async Task RelayAsync(BusChannelPair pair, Socket socket, int port, CancellationToken cancellationToken)
    {
        await using (pair)
        {
            NetworkStream stream = new(socket, ownsSocket: false);
            await using (stream)
            {
                ChannelRelayOptions relayOptions = new()
                {
                    HalfCloseLocal = _ =>
                    {
                        socket.LingerState = OrderlyClose;
                        socket.Shutdown(SocketShutdown.Send);
                        return ValueTask.CompletedTask;
                    },

                    // A server that has reset its connection does not read any more either.
                    LocalEnded = () => !socket.Connected,
                };

                GuestServiceLog.RelayBegan(logger, port, pair.InputChannelId, pair.OutputChannelId);
                ChannelRelayResult result = await ChannelRelay.RunAsync(stream, pair, relayOptions, cancellationToken);
                string events = ChannelEvent.Describe(pair.Events);
                GuestServiceLog.RelayEnded(
                    logger,
                    result.FailedSide == RelaySide.None ? LogLevel.Debug : LogLevel.Warning,
                    port,
                    result.BytesFromBus,
                    result.BytesToBus,
                    result.Exception?.Message ?? "in order",
                    events);
            }

            socket.Close();
        }
    }
}
