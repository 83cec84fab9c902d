namespace VpcComApi.GuestMonitor.Guest;

/// <summary>One report, as the lines that go over the channel. README.md describes them.</summary>
internal static class HealthReport
{
    private const long MebiByte = 1024 * 1024;
    private const long LowSpaceMebiBytes = 1024;

    /// <summary>Reads the current state of the disks.</summary>
    public static IEnumerable<string> Take()
    {
        List<string> low = [];
        yield return $"REPORT {DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}";
        foreach (DriveInfo disk in Disks())
        {
            long free = disk.AvailableFreeSpace / MebiByte;
            if (free < LowSpaceMebiBytes)
            {
                low.Add($"{disk.Name} has {free} MiB left");
            }

            yield return $"DISK {free} {disk.TotalSize / MebiByte} {disk.Name}";
        }

        yield return low.Count == 0 ? "HEALTH GOOD every disk has room" : $"HEALTH LOW {string.Join("; ", low)}";
        yield return "END";
    }

    /// <summary>Real disks: what Linux mounts besides them (/proc, snaps, bind mounts) says nothing about space.</summary>
    private static IEnumerable<DriveInfo> Disks() => DriveInfo.GetDrives().Where(drive =>
        OperatingSystem.IsWindows() ? drive is { DriveType: DriveType.Fixed, IsReady: true } : drive.Name == "/");
}
