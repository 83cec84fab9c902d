using System.CommandLine;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>Writes a differencing disk into its parent, or with its parents into a new image.</summary>
internal sealed class DiskMergeCommand : DiskChangeCommand
{
    private readonly Argument<string> file = new("FILE")
    {
        HelpName = "FILE",
        Description = "A differencing hard disk's image, which stays and shows the same as before.",
    };

    private readonly Option<string?> target = new("--to")
    {
        Description = "A new image that takes it all, with the disks below it; without it, the parent is written to.",
        HelpName = "NEW",
    };

    private readonly Option<bool> isFixed = DiskSymbols.Fixed();
    private readonly Option<bool> isDynamic = DiskSymbols.Dynamic();

    /// <inheritdoc cref="DiskChangeCommand(string, string, CommandServices)"/>
    public DiskMergeCommand(CommandServices services)
        : base("merge",
            "Write a differencing hard disk into its parent. Other disks that build on that parent are of no use any more then.", services)
    {
        Add(file);
        Add(target);
        Add(isDynamic);
        Add(isFixed);
        DiskSymbols.AllowOneOf(this, isFixed, isDynamic);
        Validators.Add(result =>
        {
            if (DiskSymbols.TextOf(result, target) is null && (result.GetValue(isFixed) || result.GetValue(isDynamic)))
            {
                result.AddError("--fixed and --dynamic go with --to: a parent stays of the kind that it is.");
            }
        });
    }

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<(string File, string Text)>> RunAsync(ParseResult line, VirtualMachineHost disks)
    {
        HardDisk disk = disks.GetHardDisk(Path.GetFullPath(line.GetRequiredValue(file)));
        if (line.GetValue(target) is { } given)
        {
            string path = Path.GetFullPath(given);
            await CompleteAsync(disk.MergeTo(path, DiskSymbols.KindOf(line, isFixed, isDynamic) ?? VirtualDiskKind.Dynamic));
            return [(path, $"{path} is made: {LengthOf(path)} on this disk. {disk.File} stays.")];
        }

        await CompleteAsync(disk.Merge());
        string parent = disk.Parent!.File;
        return [(parent, $"{parent} has all that {disk.File} shows. Delete {disk.File} when nothing uses it any more.")];
    }
}
