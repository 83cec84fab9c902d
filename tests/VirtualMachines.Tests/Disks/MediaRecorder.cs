using System.Collections.Concurrent;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>Records the events of a drive: "+" for inserted media, "-" for removed ones.</summary>
internal sealed class MediaRecorder
{
    private readonly ConcurrentQueue<string> told = new();

    public MediaRecorder(RemovableDrive drive) =>
        drive.MediaChanged += (_, change) => told.Enqueue((change.Inserted ? "+" : "-") + change.Media);

    /// <summary>Waits until all these events were reported, in this order.</summary>
    public Task WaitForAsync(string expected) => Wait.UntilAsync(() => string.Join(',', told) == expected, expected);
}
