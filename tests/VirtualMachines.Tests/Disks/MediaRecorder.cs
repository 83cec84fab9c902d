using System.Collections.Concurrent;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>Remembers what a drive told: "+" for what was put in, "-" for what was taken out.</summary>
internal sealed class MediaRecorder
{
    private readonly ConcurrentQueue<string> told = new();

    public MediaRecorder(RemovableDrive drive) =>
        drive.MediaChanged += (_, change) => told.Enqueue((change.Inserted ? "+" : "-") + change.Media);

    /// <summary>Waits until all of this was told, in this order.</summary>
    public Task WaitForAsync(string expected) => Wait.UntilAsync(() => string.Join(',', told) == expected, expected);
}
