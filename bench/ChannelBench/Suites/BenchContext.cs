using VpcComApi.ChannelBench.Qemu;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>The common data of all suites.</summary>
/// <param name="Effort">How much is measured.</param>
/// <param name="Programs">The folder of the product's programs.</param>
/// <param name="Against">Programs of another revision that are measured beside the product, or null.</param>
/// <param name="Guests">The guests of the suites with QEMU machines.</param>
/// <param name="Folder">A folder of this run, which is deleted at its end.</param>
/// <param name="ServerPort">The port of the load's server.</param>
/// <param name="Progress">Receives the progress.</param>
/// <param name="CancellationToken">Ends the run.</param>
internal sealed record BenchContext(
    Effort Effort, string Programs, OtherRevision? Against, BenchGuests Guests, string Folder, int ServerPort, Action<string> Progress,
    CancellationToken CancellationToken)
{
    /// <summary>Makes a new folder in <see cref="Folder"/>.</summary>
    /// <returns>Its full path.</returns>
    public string MakeFolder() => Directory.CreateDirectory(Path.Combine(Folder, Path.GetRandomFileName())).FullName;
}
