using System.CommandLine;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>Writes into a differencing disk where its parent is now, or that its parent is right as it is now.</summary>
internal sealed class DiskRepairParentCommand : DiskChangeCommand
{
    private readonly Argument<string> file = new("FILE") { HelpName = "FILE", Description = "A differencing hard disk's image." };
    private readonly Argument<string> parent = new("PARENT")
    {
        HelpName = "PARENT",
        Description = "The disk that it was made from; another one is refused.",
    };

    /// <inheritdoc cref="DiskChangeCommand(string, string, CommandServices)"/>
    public DiskRepairParentCommand(CommandServices services)
        : base("repair-parent", "Write into a differencing hard disk where its parent is now, and accept that as it is.", services)
    {
        Add(file);
        Add(parent);
    }

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<(string File, string Text)>> RunAsync(ParseResult line, VirtualMachineHost disks)
    {
        HardDisk disk = disks.GetHardDisk(Path.GetFullPath(line.GetRequiredValue(file)));
        disk.Parent = disks.GetHardDisk(Path.GetFullPath(line.GetRequiredValue(parent)));
        return Task.FromResult<IReadOnlyList<(string, string)>>([(disk.File, $"{disk.File} builds on {disk.Parent!.File}.")]);
    }
}
