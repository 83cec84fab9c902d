using System.Collections.Concurrent;
using VpcComApi.VirtualMachines.Networks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Machines;

/// <summary>Drives and cables of a running machine in memory, which remember what was done to them.</summary>
internal sealed class FakeLiveHardware : IRemovableDrives, INetworkCables
{
    private readonly ConcurrentQueue<string> calls = new();

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<string> Calls => [.. calls];

    /// <summary>What a call fails with; null when it succeeds.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What a call waits for before it succeeds.</summary>
    public Task Answering { get; set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public Task ChangeDvdAsync(int bus, int device, MachineMedium? medium, CancellationToken cancellationToken) =>
        DoAsync($"dvd {bus}:{device} {Describe(medium)}");

    /// <inheritdoc/>
    public Task ChangeFloppyAsync(int number, MachineMedium? medium, CancellationToken cancellationToken) =>
        DoAsync($"floppy {number} {Describe(medium)}");

    /// <inheritdoc/>
    public Task PlugAsync(int card, VirtualNetworkKind? network, CancellationToken cancellationToken) =>
        DoAsync($"card {card} {network?.ToString() ?? "loose"}");

    private static string Describe(MachineMedium? medium) =>
        medium is null ? "empty" : medium.IsHostDrive ? $"host {medium.Name}" : Path.GetFileName(medium.Name);

    private Task DoAsync(string call)
    {
        calls.Enqueue(call);
        return Failure is null ? Answering : Task.FromException(Failure);
    }
}
