using System.Net.Sockets;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Tests;

/// <summary>The host's end of one connection to the guest service.</summary>
internal sealed class HostConnection(Socket socket, BusConnection bus, IntegrationChannel channel) : IAsyncDisposable
{
    private readonly List<IntegrationMessage> passedOver = [];
    private long lastRequest;

    /// <summary>Messages of the guest that arrived while the test waited for another one.</summary>
    public IReadOnlyList<IntegrationMessage> PassedOver => passedOver;

    public BusConnection Bus => bus;

    /// <summary>Pulls the link, without a goodbye.</summary>
    public void Cut()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    public ValueTask SendAsync(IntegrationMessage message) => channel.SendAsync(message);

    public Task<Response> AskAsync(string operation, params (string Name, string Value)[] arguments) =>
        AskAsync(id => new Request(id, operation, arguments.ToDictionary(argument => argument.Name, argument => argument.Value)));

    public async Task<Response> AskAsync(Func<long, Request> request)
    {
        long id = ++lastRequest;
        await channel.SendAsync(request(id));
        return await ReceiveAsync<Response>(response => response.Id == id);
    }

    /// <summary>Waits for a message of a kind and drops others.</summary>
    public async Task<T> ReceiveAsync<T>(Func<T, bool>? isWanted = null, TimeSpan? limit = null)
        where T : IntegrationMessage
    {
        while (await Wait.UntilAsync(channel.ReceiveAsync().AsTask(), $"a {typeof(T).Name}", limit) is { } message)
        {
            if (message is T wanted && isWanted?.Invoke(wanted) != false)
            {
                return wanted;
            }

            passedOver.Add(message);
        }

        throw new AssertionException($"The guest sent its last message and no {typeof(T).Name}.");
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await bus.DisposeAsync();
    }
}
