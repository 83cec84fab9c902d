namespace VpcComApi.VirtualMachines.Providers;

/// <summary>Measures what a running machine uses of the host: by its process's counters, by QMP's, or otherwise.</summary>
public interface IUsageMeter
{
    /// <summary>Reads the counters. Asked for once a second, so it should take a few milliseconds at most.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">They could not be read now.</exception>
    Task<MachineUsage> MeasureAsync(CancellationToken cancellationToken);
}
