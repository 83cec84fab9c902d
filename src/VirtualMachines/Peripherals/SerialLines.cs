using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>The cables of all serial ports of a running machine.</summary>
internal sealed class SerialLines : IAsyncDisposable
{
    /// <summary>How long a machine that has ended waits for those who read its lines.</summary>
    private static readonly TimeSpan LastBytesLimit = TimeSpan.FromSeconds(1);

    private readonly IRunningMachine machine;
    private readonly SerialLine[] lines;

    /// <summary>Makes the cables, whose other ends are loose.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="machineName">For messages.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where failures go.</param>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "They are kept, and disposed with this.")]
    public SerialLines(IRunningMachine machine, string machineName, TimeProvider timeProvider, ILogger logger)
    {
        this.machine = machine;
        lines = [.. machine.SerialPorts.Select((device, i) => new SerialLine(device, i + 1, machineName, timeProvider, logger))];
    }

    /// <summary>Plugs one cable in. A port that the machine does not have is left out.</summary>
    /// <param name="number">The port's number, 1 for COM1.</param>
    /// <param name="settings">Where.</param>
    public Task ConnectAsync(int number, SerialPortSettings settings) =>
        number <= lines.Length ? lines[number - 1].ConnectAsync(settings) : Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (machine.Ended.IsCompleted)
        {
            await Task.WhenAll(lines.Select(line => line.DrainAsync(LastBytesLimit)));
        }

        foreach (SerialLine line in lines)
        {
            await line.DisposeAsync();
        }
    }
}
