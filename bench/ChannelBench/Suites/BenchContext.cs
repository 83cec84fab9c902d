using VpcComApi.ChannelBench.Qemu;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>What every suite works with.</summary>
/// <param name="Effort">How much is measured.</param>
/// <param name="Programs">The folder of the product's programs.</param>
/// <param name="Against">Programs of another revision that are measured beside the product, or null.</param>
/// <param name="Guests">The guests of the suites with QEMU machines.</param>
/// <param name="Folder">A folder of the run's own; it goes when the run ends.</param>
/// <param name="ServerPort">Where the load's server listens.</param>
/// <param name="Progress">Takes notes of what is being done.</param>
/// <param name="CancellationToken">Ends the run.</param>
internal sealed record BenchContext(
    Effort Effort, string Programs, OtherRevision? Against, BenchGuests Guests, string Folder, int ServerPort, Action<string> Progress,
    CancellationToken CancellationToken);
