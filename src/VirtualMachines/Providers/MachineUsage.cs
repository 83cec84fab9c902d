namespace VpcComApi.VirtualMachines.Providers;

/// <summary>
/// What a machine has used since it was powered up. The counters may start over when its guest reboots; then the generation changes.
/// </summary>
/// <param name="ProcessorTime">Time on the host's processors.</param>
/// <param name="DiskBytesRead">Bytes read from disks.</param>
/// <param name="DiskBytesWritten">Bytes written to disks.</param>
public sealed record MachineUsage(TimeSpan ProcessorTime, long DiskBytesRead, long DiskBytesWritten)
{
    /// <summary>How often the counters have started over.</summary>
    public int Generation { get; init; }

    /// <summary>
    /// Bytes that its network cards received; null when it has none that carry anything, so that only its communication channels count.
    /// </summary>
    public long? NetworkBytesReceived { get; init; }

    /// <summary>Bytes that its network cards sent, likewise.</summary>
    public long? NetworkBytesSent { get; init; }
}
