namespace VpcComApi.VirtualMachines.Usage;

/// <summary>
/// What a machine uses of the host, measured once a second while it is powered up, a paused one included. Whatever is asked of a machine
/// that is not powered up is null.
/// </summary>
public sealed class MachineAccountant
{
    private readonly Func<UsageRecorder?> recorder;

    internal MachineAccountant(Func<UsageRecorder?> recorder) => this.recorder = recorder;

    /// <summary>How many seconds the history of the processor's use has.</summary>
    public static int HistorySeconds => UsageRecorder.HistorySeconds;

    /// <summary>The processor's use in the last second, in percent of one processor, 0 to 100.</summary>
    public int? ProcessorPercent => recorder()?.ProcessorPercent;

    /// <summary>
    /// The processor's use in each of the last <see cref="HistorySeconds"/> seconds, in percent, the last second last; zeros before the
    /// start.
    /// </summary>
    public IReadOnlyList<byte>? ProcessorHistory => recorder()?.CopyHistory();

    /// <summary>Bytes read from disks since the machine was powered up, restored or reset.</summary>
    public long? DiskBytesRead => recorder()?.Disk.Read;

    /// <summary>Bytes written to disks since then.</summary>
    public long? DiskBytesWritten => recorder()?.Disk.Written;

    /// <summary>
    /// Bytes received from networks since then: by the machine's cards, or through its communication channels when no card carries
    /// anything.
    /// </summary>
    public long? NetworkBytesReceived => recorder()?.Network.Received;

    /// <summary>Bytes sent to networks since then, likewise.</summary>
    public long? NetworkBytesSent => recorder()?.Network.Sent;

    /// <summary>The time since the machine was powered up, restored or reset.</summary>
    public TimeSpan? UpTime => recorder()?.UpTime;
}
