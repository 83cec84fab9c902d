using System.Collections.Concurrent;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;
using VpcComApi.VpcBus.Relay;

namespace VpcComApi.ExampleProvider.Tests;

/// <summary>
/// A guest, which corresponds to vmsrvc in a real machine. It sends its facts on each bus, answers requests, and sends back what it
/// receives on any port.
/// </summary>
internal sealed class ExampleGuest(MachineStart start, ExampleState state, ExampleProcessor processor) : IAsyncDisposable
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopped = new();
    private readonly ConcurrentBag<Task> connections = [];
    private readonly TaskCompletionSource<ExampleGuestExit> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the guest has ended.</summary>
    public Task<ExampleGuestExit> Exited => exited.Task;

    /// <summary>Ends the guest; its links are lost. Does nothing when it has ended.</summary>
    /// <param name="exit">How it ends.</param>
    public void Stop(ExampleGuestExit exit)
    {
        if (exited.TrySetResult(exit))
        {
            stopped.Cancel();
        }
    }

    /// <summary>The guest connects to its bus device.</summary>
    /// <returns>The host's end of the link.</returns>
    public Stream Connect()
    {
        (MemoryLink host, MemoryLink guest) = MemoryLink.Create(TakeTurnAsync);
        connections.Add(ServeAsync(guest));
        return host;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Stop(ExampleGuestExit.PoweredOff);
        await Task.WhenAll(connections);
    }

    /// <summary>Waits while the processor is stopped. A guest that has ended does not wait: its links are closed.</summary>
    private async Task TakeTurnAsync() => await processor.WaitAsync(stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ServeAsync(MemoryLink link)
    {
        await using MemoryLink used = link;
        await using CancellationTokenRegistration cut = stopped.Token.Register(link.Dispose);
        try
        {
            await using BusConnection bus = await BusConnection.EstablishAsync(
                link, new BusOptions { Side = BusSide.Guest, ComponentVersion = "1.0", CloseTimeout = CloseLimit }, stopped.Token);
            await Task.WhenAll(AnswerAsync(bus), EchoAsync(bus));
        }
        catch (Exception e) when (e is BusException or IOException or OperationCanceledException)
        {
            // The host has closed the link, or the guest has ended.
        }
    }

    private async Task AnswerAsync(BusConnection bus)
    {
        BusChannelPair pair = await bus.OfferAsync(IntegrationProtocol.ServiceName, stopped.Token);
        await using IntegrationChannel channel = new(pair);
        await channel.SendAsync(new GuestFacts
        {
            ComputerName = "EXAMPLE",
            OSName = "Example",
            OSVersion = "1.0",
            OSPlatformId = "2",
            ComponentsVersion = "1.0",
            Capabilities = [IntegrationCapabilities.Shutdown, IntegrationCapabilities.Parameters],
        });
        while (await channel.ReceiveAsync(stopped.Token) is { } message)
        {
            if (message is not Request request)
            {
                continue;
            }

            await channel.SendAsync(await AnswerAsync(request));
            if (request.Operation == IntegrationOperations.Shutdown)
            {
                bool restarts = request.IsSet(IntegrationOperations.RestartArgument);
                await channel.SendAsync(new GuestShutdownStarted(restarts ? GuestShutdownStarted.Restart : GuestShutdownStarted.Shutdown));
                await channel.CompleteAsync();
                await pair.OutputCompletion;
                Stop(restarts ? ExampleGuestExit.Restarted : ExampleGuestExit.PoweredOff);
            }
        }
    }

    private async Task<Response> AnswerAsync(Request request)
    {
        string name = request.Argument(IntegrationOperations.NameArgument) ?? "";
        switch (request.Operation)
        {
            case IntegrationOperations.GetParameter:
                string? value = name == "ChassisAssetTag" ? start.Firmware.ChassisAssetTag : state.Parameters.GetValueOrDefault(name);
                return new Response(request.Id, Value: value);
            case IntegrationOperations.SetParameter:
                state.Parameters[name] = request.Argument(IntegrationOperations.ValueArgument) ?? "";
                if (start.NonVolatileMemoryFile is { } file)
                {
                    await state.WriteAsync(file, stopped.Token);
                }

                return new Response(request.Id);
            case IntegrationOperations.Shutdown:
                return new Response(request.Id);
            default:
                return new Response(request.Id, IntegrationErrors.NotSupported);
        }
    }

    private async Task EchoAsync(BusConnection bus)
    {
        List<Task> echoes = [];
        while (await bus.ReceiveOfferAsync(stopped.Token) is { } offer)
        {
            if (TcpRelayService.TryParse(offer.Service, out _))
            {
                echoes.Add(EchoAsync(await offer.AcceptAsync(stopped.Token)));
            }
            else
            {
                await offer.RejectAsync(0, "There is no such service.", stopped.Token);
            }
        }

        await Task.WhenAll(echoes);
    }

    private async Task EchoAsync(BusChannelPair pair)
    {
        await using BusChannelPair used = pair;
        await pair.Input.CopyToAsync(pair.Output, stopped.Token);
        await pair.Output.CompleteAsync();
    }
}
