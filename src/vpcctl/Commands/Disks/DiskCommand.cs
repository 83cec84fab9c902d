using System.CommandLine;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>The commands on disk images.</summary>
internal sealed class DiskCommand : Command
{
    /// <param name="services">What they work with.</param>
    public DiskCommand(CommandServices services)
        : base("disk", "Look at disk images, make them and change them.")
    {
        Add(new DiskInfoCommand(services));
        Add(new DiskCreateCommand(services));
        Add(new DiskConvertCommand(services));
        Add(new DiskCompactCommand(services));
        Add(new DiskMergeCommand(services));
        Add(new DiskRepairParentCommand(services));
    }
}
