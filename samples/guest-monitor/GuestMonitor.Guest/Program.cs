using System.Globalization;
using VpcComApi.ChannelEnds;

namespace VpcComApi.GuestMonitor.Guest;

/// <summary>Reports the guest's disks and health to the host periodically, until the host closes the channel.</summary>
internal static class Program
{
    private const int DefaultPort = 6180;
    private const int DefaultSeconds = 5;

    private static async Task<int> Main(string[] arguments)
    {
        if (!TryRead(arguments, 0, DefaultPort, out int port) || !TryRead(arguments, 1, DefaultSeconds, out int seconds))
        {
            Console.Error.WriteLine("usage: GuestMonitor.Guest [PORT [SECONDS-BETWEEN-REPORTS]]");
            return 2;
        }

        return await GuestServer.RunAsync(port, (host, stop) => ReportAsync(host, TimeSpan.FromSeconds(seconds), stop));
    }

    private static async Task ReportAsync(LineConnection host, TimeSpan interval, CancellationToken stop)
    {
        // The host sends nothing; when the read returns, the channel has ended.
        Task hostCloses = host.ReadLineAsync(stop);
        using PeriodicTimer timer = new(interval);
        Task tick = Task.CompletedTask;
        while (await Task.WhenAny(tick, hostCloses) == tick)
        {
            await tick;
            foreach (string line in HealthReport.Take())
            {
                await host.WriteLineAsync(line, stop);
            }

            tick = timer.WaitForNextTickAsync(stop).AsTask();
        }
    }

    private static bool TryRead(string[] arguments, int index, int defaultValue, out int value)
    {
        value = defaultValue;
        return index >= arguments.Length
            || (int.TryParse(arguments[index], NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value is > 0 and <= ushort.MaxValue);
    }
}
