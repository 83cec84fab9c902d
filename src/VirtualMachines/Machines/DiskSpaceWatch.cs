using VpcComApi.VirtualMachines.PhysicalHost;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>
/// Watches the room on the host's disks that a running machine writes to: that of its files, and those of its hard disks. It reports once
/// when the room becomes little and once when it becomes critical, and reports again after there was more.
/// </summary>
/// <param name="computer">The host.</param>
/// <param name="folders">
/// The folders that it writes to; asked for at each look, because a machine can be renamed. The one with the least room counts.
/// </param>
/// <param name="timeProvider">The clock.</param>
internal sealed class DiskSpaceWatch(HostComputer computer, Func<IReadOnlyCollection<string>> folders, TimeProvider timeProvider)
{
    /// <summary>Below this there is little room: 100 MB.</summary>
    public const long LittleBytes = 100 * BytesInMegabyte;

    /// <summary>Below this there is critically little: 20 MB.</summary>
    public const long CriticalBytes = 20 * BytesInMegabyte;

    private const long BytesInMegabyte = 1024 * 1024;

    /// <summary>The time between two looks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private bool reportedLittle;
    private bool reportedCritical;

    /// <summary>Watches until it is cancelled.</summary>
    /// <param name="report">
    /// Called when there is little room, with whether it is critical; with the folder and the megabytes that are left.
    /// </param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Action<bool, string, long> report, CancellationToken stop)
    {
        using PeriodicTimer timer = new(Interval, timeProvider);
        try
        {
            do
            {
                Look(report);
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The machine has ended.
        }
    }

    private void Look(Action<bool, string, long> report)
    {
        (string Place, long? Free) least = folders().Select(
            place => (place, computer.ReadFreeBytes(place))).MinBy(look => look.Item2 ?? long.MaxValue);
        if (least.Free is not { } free)
        {
            return;
        }

        string place = least.Place;

        bool isCritical = free < CriticalBytes;
        bool isLittle = free < LittleBytes;
        if (isLittle && !reportedLittle)
        {
            report(false, place, free / BytesInMegabyte);
        }

        if (isCritical && !reportedCritical)
        {
            report(true, place, free / BytesInMegabyte);
        }

        reportedLittle = isLittle;
        reportedCritical = isCritical;
    }
}
