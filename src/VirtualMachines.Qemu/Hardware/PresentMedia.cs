using Microsoft.Extensions.Logging;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Hardware;

/// <summary>A missing image of a removable medium does not prevent the start of a machine.</summary>
internal static class PresentMedia
{
    /// <summary>Removes missing images from their drives.</summary>
    /// <param name="start">The machine.</param>
    /// <param name="logger">Receives a log message about each missing image.</param>
    public static MachineStart Of(MachineStart start, ILogger logger)
    {
        return start with
        {
            DvdDrives = [.. start.DvdDrives.Select(drive => drive with { Medium = Present(drive.Medium) })],
            FloppyDrives = [.. start.FloppyDrives.Select(drive => drive with { Medium = Present(drive.Medium) })],
        };

        MachineMedium? Present(MachineMedium? medium)
        {
            if (medium is { IsHostDrive: false } && !RegularFile.Exists(medium.Name))
            {
                QemuMachineLog.MediumMissing(logger, start.MachineName, medium.Name);
                return null;
            }

            return medium;
        }
    }
}
