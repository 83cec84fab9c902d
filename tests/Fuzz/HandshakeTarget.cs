using VpcComApi.VpcBus;

namespace VpcComApi.Fuzz;

/// <summary>What a guest may write as hello and hello reply, and after them.</summary>
internal static class HandshakeTarget
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static void Run(byte[] input) => RunAsync(input).WaitAsync(Limit).GetAwaiter().GetResult();

    private static async Task RunAsync(byte[] input)
    {
        try
        {
            await using BusConnection bus = await BusConnection.EstablishAsync(
                new FedStream(input),
                new BusOptions { Side = BusSide.Host, ComponentVersion = "fuzz", CloseTimeout = TimeSpan.FromSeconds(1) });
            await bus.Completion;
        }
        catch (BusException)
        {
            // The expected end.
        }
    }
}
