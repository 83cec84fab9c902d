using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Usage;

/// <summary>A meter whose results a test sets, and that reports when it was called.</summary>
internal sealed class ScriptedMeter : IUsageMeter
{
    private int asked;

    /// <summary>Its result.</summary>
    public MachineUsage Usage { get; set; } = new(TimeSpan.Zero, 0, 0);

    /// <summary>Whether it can be read.</summary>
    public bool Fails { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <inheritdoc/>
    public Task<MachineUsage> MeasureAsync(CancellationToken cancellationToken)
    {
        MachineUsage usage = Usage;
        bool fails = Fails;
        Interlocked.Increment(ref asked);
        return fails ? Task.FromException<MachineUsage>(new IOException("The guest boots.")) : Task.FromResult(usage);
    }
}
