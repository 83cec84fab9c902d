namespace VpcComApi.VirtualMachines.Tasks;

/// <summary>Maps the 0 to 100 of one of several equal steps to its share of the whole.</summary>
/// <param name="whole">Hears the whole's percentage.</param>
/// <param name="step">The step's number, from 0.</param>
/// <param name="steps">How many there are.</param>
internal sealed class ProgressShare(IProgress<int> whole, int step, int steps) : IProgress<int>
{
    /// <inheritdoc/>
    public void Report(int value) => whole.Report(((step * 100) + Math.Clamp(value, 0, 100)) / steps);
}
