using System.CommandLine;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>Takes the blocks of zeros out of dynamic disks.</summary>
internal sealed class DiskCompactCommand : DiskChangeCommand
{
    private readonly Argument<string[]> files = new("FILE")
    {
        HelpName = "FILE",
        Description = "A dynamic hard disk's image.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <inheritdoc cref="DiskChangeCommand(string, string, CommandServices)"/>
    public DiskCompactCommand(CommandServices services)
        : base("compact",
            "Make a dynamic hard disk's file smaller: blocks of zeros go. There must be room for the smaller file beside the old "
                + "one.", services) =>
        Add(files);

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<(string File, string Text)>> RunAsync(ParseResult line, VirtualMachineHost disks)
    {
        List<(string, string)> compacted = [];
        foreach (string file in line.GetRequiredValue(files))
        {
            HardDisk disk = disks.GetHardDisk(Path.GetFullPath(file));
            string before = LengthOf(disk.File);
            await CompleteAsync(disk.Compact());
            compacted.Add((disk.File, $"{disk.File} has {LengthOf(disk.File)} on this disk, and had {before}."));
        }

        return compacted;
    }
}
